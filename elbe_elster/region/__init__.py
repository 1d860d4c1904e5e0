"""Where: the county, its administrations and municipalities, and how many people live there."""
