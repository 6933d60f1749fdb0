"""A bad week in minutes: people at work, a portal in trouble, processes killed; and then everything is right.

    python -m tests.chaos          2,000 cards, on SQLite and on PostgreSQL (the end of `make soak`)
    tests/whole/test_chaos.py            two shorter forms

While a crowd creates, changes and deletes cards, 20 % of the portal's events are lost, 5 % doubled and all of
them reordered, faults are put at random, and web and workers are killed with SIGKILL every few seconds. When
the noise stops one more sweep must be enough: every card shows just the verdict of its present state, none
has two comments of ours, and no deal was moved back that was in order all the time. The ledger is printed.
"""
