"""Words: German full text for every room."""
