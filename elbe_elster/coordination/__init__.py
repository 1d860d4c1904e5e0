"""Room 3, members only: the circle of county and municipalities."""
