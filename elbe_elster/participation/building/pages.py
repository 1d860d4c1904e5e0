"""The staff pages of one survey, in three groups. A page that does not exist yet is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from elbe_elster.participation.models import Survey

# In the order of the work. Each page: the name of its address, which takes the slug of the survey, and its word.
GROUPS = (
    (
        _("Bauen"),
        (
            ("survey-structure", _("Fragen")),
            ("survey-settings", _("Angaben")),
            ("survey-translations", _("Sprachen")),
            ("survey-breakdowns", _("Gliederung")),
            ("survey-preview", _("Vorschau")),
            ("survey-test", _("Probe")),
        ),
    ),
    (
        _("Begleiten"),
        (
            ("survey-run", _("Lauf")),
            ("survey-paper", _("Papier")),
            ("survey-batches", _("Stapel")),
            ("survey-codes", _("Codes")),
            ("survey-kiosks", _("Geräte")),
            ("survey-contacts", _("Kontakte")),
        ),
    ),
    (
        _("Auswerten"),
        (
            ("survey-tables", _("Ergebnisse")),
            ("survey-free-texts", _("Texte")),
            ("survey-export", _("Ausfuhr")),
            ("survey-versions", _("Fassungen")),
        ),
    ),
)


def groups_of(survey: Survey, here: str) -> list[dict[str, Any]]:
    """The groups, each with its first address and its pages, seen from the address ``here``.

    Pages below a page belong to it; the group of the current page is current.
    """
    found = []
    for label, names in GROUPS:
        pages = [_page(name, word, survey, here) for name, word in names if address(name, survey.slug)]
        if pages:
            current = any(page["current"] for page in pages)
            found.append({"label": label, "url": pages[0]["url"], "current": current, "pages": pages})
    return found


def _page(name: str, label: Any, survey: Survey, here: str) -> dict[str, Any]:
    url = address(name, survey.slug)
    return {"url": url, "label": label, "current": here.startswith(url)}


def address(name: str, *arguments: str) -> str:
    """The address, or nothing where the page is not built."""
    try:
        return reverse(f"participation:{name}", args=arguments)
    except NoReverseMatch:
        return ""
