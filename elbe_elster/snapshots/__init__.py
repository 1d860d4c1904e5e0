"""Finished public pages: rendered ahead, served without work."""
