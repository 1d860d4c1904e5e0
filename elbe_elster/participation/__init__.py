"""Room 2: what the citizens say."""
