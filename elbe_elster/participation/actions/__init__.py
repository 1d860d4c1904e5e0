"""What participation does."""
