"""The staff pages of one survey, as tabs. A page that does not exist yet is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from elbe_elster.participation.models import Survey

# Name of the address, which takes the slug of the survey, and the word on the tab: one line for each page.
PAGES = (
    ("survey-structure", _("Fragen")),
    ("survey-settings", _("Angaben")),
    ("survey-translations", _("Sprachen")),
    ("survey-preview", _("Vorschau")),
    ("survey-test", _("Probe")),
    ("survey-breakdowns", _("Gliederung")),
    ("survey-run", _("Lauf")),
    ("survey-paper", _("Papier")),
    ("survey-batches", _("Stapel")),
    ("survey-codes", _("Codes")),
    ("survey-kiosks", _("Geräte")),
    ("survey-contacts", _("Kontakte")),
    ("survey-tables", _("Ergebnisse")),
    ("survey-free-texts", _("Texte")),
    ("survey-export", _("Ausfuhr")),
    ("survey-versions", _("Fassungen")),
)


def tabs_of(survey: Survey, here: str) -> list[dict[str, Any]]:
    """The tabs of a survey on the page at the address ``here``; pages below a tab belong to it."""
    found = []
    for name, label in PAGES:
        url = address(name, survey.slug)
        if url:
            found.append({"url": url, "label": label, "n": "", "current": here.startswith(url)})
    return found


def address(name: str, *arguments: str) -> str:
    """The address, or nothing where the page is not built."""
    try:
        return reverse(f"participation:{name}", args=arguments)
    except NoReverseMatch:
        return ""
