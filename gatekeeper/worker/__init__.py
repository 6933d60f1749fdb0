"""The loop and everything that has a turn in it."""
