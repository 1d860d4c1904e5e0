"""What each kind of question looks like, for choosing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.models import QuestionKind
from elbe_elster.participation.questionnaire.document import Kind

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# Kind: when to use it, shape of its drawing, words in the drawing.
EXAMPLES: dict[Kind, tuple[_StrPromise, str, tuple[_StrPromise, ...]]] = {
    Kind.SINGLE: (_("Genau eine passt."), "radio", (_("Bus"), _("Auto"), _("Fahrrad"))),
    Kind.MULTIPLE: (_("Mehrere können passen."), "box", (_("Bus"), _("Auto"), _("Fahrrad"))),
    Kind.YES_NO: (_("Die Antworten sind schon da."), "radio", (_("Ja"), _("Nein"))),
    Kind.SCALE: (_("Wie gut, wie oft, wie wichtig."), "radio", (_("1"), _("2"), _("3"), _("4"), _("5"))),
    Kind.MATRIX_SINGLE: (_("Mehrere Dinge mit denselben Antworten."), "grid", (_("Bus"), _("Bahn"))),
    Kind.MATRIX_MULTIPLE: (_("Wie oben, mehrere Kreuze je Zeile."), "gridbox", (_("Bus"), _("Bahn"))),
    Kind.RANKING: (_("Das Wichtigste zuerst."), "rank", (_("Schule"), _("Arzt"), _("Bus"))),
    Kind.NUMBER: (_("Alter, Kilometer, Personen im Haushalt."), "line", (_("Kilometer"),)),
    Kind.DATE: (_("Ein Tag."), "line", (_("TT.MM.JJJJ"),)),
    Kind.SHORT_TEXT: (_("Ein Wort oder ein Satz."), "line", ()),
    Kind.LONG_TEXT: (_("Was sonst noch wichtig ist."), "area", ()),
    Kind.MUNICIPALITY: (
        _("Alle Städte und Gemeinden des Landkreises und „außerhalb“ sind schon da."),
        "select",
        (_("Finsterwalde"),),
    ),
    Kind.INFORMATION: (_("Ein Absatz zwischen den Fragen."), "text", ()),
}


def kind_choices() -> list[dict[str, Any]]:
    """Every kind with its name, its use and its drawing."""
    return [
        {"value": kind.value, "label": QuestionKind(kind.value).label, "use": use, "shape": shape, "words": words}
        for kind, (use, shape, words) in EXAMPLES.items()
    ]
