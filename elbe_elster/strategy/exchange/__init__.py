"""The catalogue in files: what others may download, and the table in which staff work on it outside of the portal."""
