"""Looks: form renderer, icons, components, the style page."""
