"""What people ask of the past and of a changed config: explain, replay, whatif."""
