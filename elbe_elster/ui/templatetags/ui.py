"""Template tags of the look. Built in: no template needs to load them."""

from django import template

register = template.Library()
