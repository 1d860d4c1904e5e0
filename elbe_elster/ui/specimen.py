"""What /stilbuch/ shows: one specimen of every component. The numbers and dates are made up."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

COLOURS = [
    ("paper", _("Papier")),
    ("paper-2", _("hervorgehobene Zeile")),
    ("ink", _("Tinte: Text")),
    ("ink-2", _("zweite Tinte: Daten, Hilfe")),
    ("rule", _("Linie eines Abschnitts")),
    ("hair", _("Haarlinie einer Zeile")),
    ("control", _("Rand von Bedienteilen")),
    ("accent", _("Petrol: Links, „läuft“")),
    ("accent-strong", _("Petrol unter der Maus")),
    ("accent-tint", _("eigene Zeile")),
    ("call", _("die eine laufende Umfrage")),
    ("good", _("im Plan")),
    ("late", _("später dran")),
    ("risk", _("gefährdet, Fehler")),
]
FIELDS = [
    (1, _("Mobilität")),
    (2, _("Verwaltung und Organisationsentwicklung")),
    (3, _("Bildung")),
    (4, _("Klimaschutz & Nachhaltigkeit, Katastrophenschutz")),
    (5, _("Gutes und selbstbestimmtes Leben")),
    (6, _("Gesundheit")),
    (7, _("Arbeit & Wirtschaft")),
]
STATUSES = [
    ("good", _("Im Plan")),
    ("late", _("Später dran")),
    ("risk", _("Gefährdet")),
    ("rest", _("Ruht")),
    ("open", _("Noch nicht bewertet")),
]
CONTENT: dict[str, Any] = {
    "colours": COLOURS,
    "fields": FIELDS,
    "statuses": STATUSES,
    "chips": [
        {"url": "?", "label": _("Alle"), "n": 42, "current": False, "icon": ""},
        {"url": "?", "label": _("Mobilität"), "n": 7, "current": True, "icon": "f1"},
        {"url": "?", "label": _("Bildung"), "n": 5, "current": False, "icon": "f3"},
    ],
    "tabs": [
        {"url": "?", "label": _("Überblick"), "n": "", "current": True},
        {"url": "?tab=2", "label": _("Maßnahmen"), "n": 7, "current": False},
        {"url": "?tab=3", "label": _("Dokumente"), "n": 3, "current": False},
    ],
    "entries": [
        {
            "date": date(2026, 3, 3),
            "kind": _("Beschluss"),
            "text": _("Der Kreis beschließt die Maßnahme."),
            "url": "",
            "example": True,
            "ahead": False,
        },
        {
            "date": date(2026, 9, 14),
            "kind": _("Etappe"),
            "text": _("Der Probebetrieb beginnt."),
            "url": "?",
            "example": True,
            "ahead": False,
        },
        {
            "date": date(2027, 3, 1),
            "kind": "",
            "text": _("Der Regelbetrieb beginnt."),
            "url": "",
            "example": True,
            "ahead": True,
        },
    ],
    "stations": [
        {"label": _("Beitrag"), "text": _("Umfrage"), "url": "?", "when": "2025", "state": ""},
        {"label": _("Ziel"), "text": _("Besser vorankommen"), "url": "", "when": "2025", "state": ""},
        {"label": _("Maßnahme"), "text": _("Rufbus per App"), "url": "", "when": "2026", "state": ""},
        {"label": _("Beschluss"), "text": _("Koordinierungskreis"), "url": "", "when": _("März 2026"), "state": ""},
        {"label": _("Etappe"), "text": _("Probebetrieb"), "url": "", "when": _("seit Sept. 2026"), "state": "now"},
        {"label": _("Ergebnis"), "text": _("Regelbetrieb"), "url": "", "when": _("März 2027"), "state": "next"},
    ],
    "figures": [
        (42, _("Maßnahmen stehen im Katalog"), False),
        (17, _("sind in Umsetzung"), True),
        (9, _("sind abgeschlossen"), False),
        (4, _("sind später dran als geplant"), False),
    ],
    "facts": [
        (_("Federführung"), _("Landkreis"), _("Amt für Mobilität")),
        (_("Zeitraum"), _("2026 bis 2028"), ""),
        (_("Kosten"), _("120.000 Euro"), _("davon 90.000 gefördert")),
    ],
    "rows": [
        (_("Art"), _("Stadt")),
        (_("Verwaltung"), _("verwaltet sich selbst")),
        (_("Website"), ""),
        (_("Einwohner"), _("16.000 (Beispiel)")),
    ],
    "chart": [(_("Mobilität"), 7), (_("Verwaltung"), 9), (_("Bildung"), 5), (_("Gesundheit"), 5)],
    "items": [
        {
            "url": "?",
            "title": _("Rufbus per App bestellen"),
            "text": _("Der Bus kommt dann, wenn Sie ihn brauchen."),
            "meta": [_("Mobilität"), _("seit März 2026")],
        },
        {"url": "?", "title": _("Bauantrag von zu Hause"), "text": "", "meta": []},
    ],
}


class SpecimenForm(forms.Form):
    """One field of every kind. Sending it empty shows every error."""

    name = forms.CharField(label=_("Name"), help_text=_("Wie wir Sie ansprechen dürfen."))
    email = forms.EmailField(label=_("E-Mail-Adresse"), required=False)
    number = forms.IntegerField(label=_("Anzahl"), min_value=1, max_value=99)
    day = forms.DateField(label=_("Tag"), widget=forms.DateInput(attrs={"type": "date"}))
    secret = forms.CharField(label=_("Passwort"), widget=forms.PasswordInput)
    text = forms.CharField(label=_("Ihre Idee"), widget=forms.Textarea(attrs={"rows": 4}))
    place = forms.ChoiceField(
        label=_("Verwaltung"), choices=[("", _("Bitte wählen")), ("a", "Herzberg"), ("b", "Plessa")]
    )
    way = forms.ChoiceField(
        label=_("Wie möchten Sie teilnehmen?"),
        choices=[("da", _("vor Ort")), ("fern", _("per Video"))],
        widget=forms.RadioSelect,
    )
    themes = forms.MultipleChoiceField(
        label=_("Welche Themen sind Ihnen wichtig?"),
        help_text=_("Mehrere sind möglich."),
        choices=[("m", _("Mobilität")), ("b", _("Bildung")), ("g", _("Gesundheit"))],
        widget=forms.CheckboxSelectMultiple,
    )
    paper = forms.FileField(label=_("Anlage"), required=False)
    agreed = forms.BooleanField(label=_("Ich habe den Datenschutzhinweis gelesen."))
