"""Pages of the room strategy."""
