"""Keeping the database: backup, retention, erasure."""
