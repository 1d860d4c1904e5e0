"""What staff and citizens fill in."""
