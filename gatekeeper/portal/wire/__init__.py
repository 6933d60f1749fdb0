"""What the portal answers, read into values."""
