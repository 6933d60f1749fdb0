"""A believable department: clients, leads, deals, and managers with their own ways of breaking the rules.

names     who lives in the town
habits    what each manager tends to forget, and how he writes
clients   one client's story, drawn by a random generator
writing   the stories as rows, in bulk
"""

from bitrix24_sandbox.seed.writing import seed_portal

__all__ = ["seed_portal"]
