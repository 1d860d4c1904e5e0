"""The e-mail backend of the portal: whoever sends a mail with Django writes letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.mail.backends.base import BaseEmailBackend

from .actions import store_letters
from .emails import letters_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage


class OutboxBackend(BaseEmailBackend):
    """Stores every message as letters, one a recipient, inside the caller's transaction.

    Headers ``X-Portal-Key``, ``X-Portal-Kind`` and ``X-Portal-Expires`` (ISO 8601 with zone) are read and removed.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store the messages; return how many. Raises LetterError or BadHeaderError, then nothing is stored."""
        try:
            letters = [letters_from(message) for message in email_messages]
        except ValueError:  # LetterError, BadHeaderError
            if self.fail_silently:
                return 0
            raise
        store_letters([letter for each in letters for letter in each])
        return sum(1 for each in letters if each)
