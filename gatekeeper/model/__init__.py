"""Values that everything else speaks of: cards, people, findings, history. Pure."""
