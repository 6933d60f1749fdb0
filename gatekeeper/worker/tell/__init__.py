"""Telling people beside the card: notifications, the digest, alarms."""
