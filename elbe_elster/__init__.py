"""The roof of the portal: it puts the rooms together and is imported by none of them."""
