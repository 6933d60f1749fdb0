"""Config in, working processes out."""
