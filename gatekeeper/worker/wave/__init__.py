"""One pass over a wave of cards: read, judge, plan, record, apply."""
