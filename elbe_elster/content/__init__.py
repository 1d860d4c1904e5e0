"""Content files: reading them, and loading them without losing what staff have changed since."""
