"""The database: one module a table."""
