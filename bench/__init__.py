"""Measurements of the portal, run by `make bench`."""
