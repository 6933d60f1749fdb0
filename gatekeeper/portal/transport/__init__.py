"""One hit on the portal and what comes of it."""
