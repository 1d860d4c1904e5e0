"""Every write of the room that has an effect."""
