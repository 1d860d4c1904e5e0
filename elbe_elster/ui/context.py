"""What the frame around every page needs."""

from typing import Any

from django.http import HttpRequest


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Values for header and footer."""
    return {}
