"""The e-mail backend of the portal: it stores letters."""

from django.core.mail.backends.base import BaseEmailBackend


class OutboxBackend(BaseEmailBackend):
    """Stores every message as a letter."""
