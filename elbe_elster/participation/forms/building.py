"""What is asked about pages and questions of a survey, and the lists of options and rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from elbe_elster.participation.actions.asking import FOR_KINDS, MOST_PARTS, Part
from elbe_elster.participation.models import Item, Option, Page, Question, QuestionKind
from elbe_elster.participation.models.questions import CODE_LENGTH, valid_option_code
from elbe_elster.participation.questionnaire.document import TEXTS, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

LONG = 150  # rows; beyond it a form would have too many fields
LABEL = 300  # characters of an option or a row
WHOLE = {Kind.MULTIPLE, Kind.RANKING, *TEXTS}  # bounds count choices or characters


class BeginPageForm(forms.Form):
    """A new page."""

    title = forms.CharField(
        label=gettext_lazy("Überschrift des neuen Teils"),
        max_length=120,
        error_messages={"required": gettext_lazy("Schreiben Sie eine Überschrift, zum Beispiel „Unterwegs“.")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class BeginQuestionForm(forms.Form):
    """A new question: its kind and its words."""

    kind = forms.ChoiceField(
        choices=QuestionKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Wählen Sie, wie geantwortet wird.")},
    )
    label = forms.CharField(
        label=gettext_lazy("Frage"),
        max_length=600,
        help_text=gettext_lazy("So, wie Sie es jemandem am Telefon sagen würden."),
        error_messages={"required": gettext_lazy("Schreiben Sie die Frage.")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean_kind(self) -> Kind:
        """The document's kind."""
        return Kind(self.cleaned_data["kind"])


class KindForm(forms.Form):
    """Another kind for a question."""

    kind = forms.ChoiceField(choices=QuestionKind.choices, widget=forms.RadioSelect)

    def clean_kind(self) -> Kind:
        """The document's kind."""
        return Kind(self.cleaned_data["kind"])


class PageForm(forms.ModelForm[Page]):
    """Heading and introduction."""

    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Page
        fields = ("title_de", "intro_de")
        labels = {"title_de": gettext_lazy("Überschrift"), "intro_de": gettext_lazy("Einleitung")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title_de"].required = True


class QuestionForm(forms.ModelForm[Question]):
    """One question without its options; only what its kind has."""

    class Meta:
        model = Question
        fields = (
            "label_de",
            "help_de",
            "duty",
            "no_answer",
            "shuffle",
            "least",
            "most",
            "places",
            "unit_de",
            "earliest",
            "latest",
            "publishable",
            "code",
        )
        labels = {
            "label_de": gettext_lazy("Frage"),
            "help_de": gettext_lazy("Hilfe zur Frage"),
            "unit_de": gettext_lazy("Einheit"),
        }
        help_texts = {
            "code": gettext_lazy("Der Name der Frage in Daten und Bedingungen. Nach der Veröffentlichung bleibt er.")
        }
        widgets = {
            "earliest": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "latest": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "label_de": forms.Textarea(attrs={"rows": 2}),
            "help_de": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, published: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = Kind(self.instance.kind)
        for name in self.Meta.fields:
            if kind not in FOR_KINDS.get(name, frozenset(Kind)):
                del self.fields[name]
        self.fields["label_de"].required = True
        if kind is Kind.INFORMATION:
            self.fields["label_de"].label = _("Text")
        if published:
            self.fields["code"].disabled = True
            self.fields["code"].help_text = _("Die Frage ist veröffentlicht: Das Kürzel bleibt.")
        self._name_bounds(kind)

    def _name_bounds(self, kind: Kind) -> None:
        names = {
            Kind.MULTIPLE: (_("Mindestens auswählen"), _("Höchstens auswählen")),
            Kind.RANKING: (_("Mindestens einordnen"), _("Höchstens einordnen")),
            Kind.NUMBER: (_("Kleinste Zahl"), _("Größte Zahl")),
        }
        least, most = names.get(kind, ("", _("Höchstens Zeichen")))
        for name, label in (("least", least), ("most", most)):
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].localize = True

    def clean_code(self) -> str:
        """One that no other question of the survey has."""
        code = str(self.cleaned_data["code"])
        others = Question.objects.filter(survey_id=self.instance.survey_id, code=code).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(_("Dieses Kürzel hat schon eine andere Frage."))
        return code

    def clean_least(self) -> Any:
        """A whole number above nothing where it counts things."""
        return self._whole("least")

    def clean_most(self) -> Any:
        """A whole number above nothing where it counts things."""
        return self._whole("most")

    def _whole(self, name: str) -> Any:
        value = self.cleaned_data[name]
        if value is not None and Kind(self.instance.kind) in WHOLE and (value != int(value) or value < 1):
            raise ValidationError(_("Schreiben Sie eine ganze Zahl ab 1."))
        return value


# Options and rows -----------------------------------------------------------------


@dataclass
class Row:
    """An option or a row in the form: its key, what was typed, what is wrong with it, what it may do."""

    key: str
    part: Part
    number: int | None = None
    locked: bool = False  # published: code and number stay
    was_retired: bool = False
    condition: str = ""
    address: str = ""  # of its condition
    error: str = ""


class PartsForm:
    """The list of options (``o``) or rows (``z``) of a question.

    ``o-KEY-label`` and the like are their fields, in the order in which they are sent; ``more-o`` holds new ones, one a
    line; ``move`` = ``o:KEY:up`` moves one. Keys are those of the rows. A long list shows fewer fields: a form may have
    a thousand.
    """

    def __init__(self, letter: str, rows: Sequence[Option | Item], published: frozenset[tuple[str, str]]) -> None:
        self.letter = letter
        self.more = ""
        self.error = ""
        self.rows = [
            Row(
                str(row.pk),
                Part(
                    row.pk,
                    getattr(row, "label_de", "") or "",
                    row.code,
                    (getattr(row, "help_de", "") or ""),
                    getattr(row, "other", False),
                    getattr(row, "exclusive", False),
                    row.retired,
                ),
                number=row.number,
                locked=(row.question.code, row.code) in published,
                was_retired=row.retired,
            )
            for row in rows
        ]

    @property
    def is_long(self) -> bool:
        """Whether the fields for codes and explanations are left out."""
        return len(self.rows) > LONG

    @property
    def more_errors(self) -> list[str]:
        """What is wrong with the lines that were pasted."""
        return [f"„{row.part.label[:40]}…“: {row.error}" for row in self.rows if row.error and not row.key]

    def read(self, data: QueryDict) -> None:
        """Take over what was sent, move what should move, add what was pasted. Codes that are not ours are left out."""
        known = {row.key: row for row in self.rows}
        names = (name.split("-") for name in data if name.startswith(f"{self.letter}-") and name.endswith("-label"))
        keys = list(dict.fromkeys(key for _letter, key, *_rest in names if key in known))
        keys += [key for key in known if key not in keys]
        _move(keys, self.letter, data.get("move", ""))
        self.rows = [known[key] for key in keys]
        for row in self.rows:
            if f"{self.letter}-{row.key}-label" in data:
                self._read_row(row, data)
        self.more = data.get(f"more-{self.letter}", "")
        labels = [" ".join(line.split()) for line in self.more.replace("\x00", "").splitlines()]
        self.rows += [Row("", Part(None, label)) for label in labels if label]

    def _read_row(self, row: Row, data: QueryDict) -> None:
        def typed(name: str) -> str:
            return " ".join(data.get(f"{self.letter}-{row.key}-{name}", "").replace("\x00", "").split())

        has_code = f"{self.letter}-{row.key}-code" in data and not row.locked
        has_help = f"{self.letter}-{row.key}-help" in data
        row.part = Part(
            row.part.pk,
            typed("label"),
            typed("code").lower() if has_code else row.part.code,
            typed("help") if has_help else row.part.help,
            bool(typed("other")),
            bool(typed("exclusive")),
            bool(typed("gone")),
        )

    def is_valid(self) -> bool:
        """Whether every label and code can be stored; puts a sentence on those that cannot."""
        seen: set[str] = set()
        for row in self.rows:
            row.error = self._wrong(row, seen)
        if len(self.rows) > MOST_PARTS:
            self.error = _("Es sind zu viele: höchstens %(n)d.") % {"n": MOST_PARTS}
        return not self.error and not any(row.error for row in self.rows)

    def _wrong(self, row: Row, seen: set[str]) -> str:
        if row.part.gone and not row.locked:
            return ""
        if not row.part.label:
            return _("Schreiben Sie, was da stehen soll, oder entfernen Sie die Zeile.")
        if max(len(row.part.label), len(row.part.help)) > LABEL:
            return _("Höchstens %(n)d Zeichen.") % {"n": LABEL}
        if row.part.pk is None:
            return ""
        return self._wrong_code(row.part.code, seen)

    def _wrong_code(self, code: str, seen: set[str]) -> str:
        try:
            valid_option_code(code)
        except ValidationError as error:
            return str(error.message)
        if len(code) > CODE_LENGTH:
            return _("Ein Kürzel hat höchstens %(n)d Zeichen.") % {"n": CODE_LENGTH}
        if code in seen:
            return _("Dieses Kürzel steht schon bei einer anderen.")
        seen.add(code)
        return ""

    def parts(self) -> list[Part]:
        """For the action."""
        return [row.part for row in self.rows]


def _move(keys: list[str], letter: str, wanted: str) -> None:
    """Move the key one place, as ``letter:key:up`` or ``letter:key:down`` says."""
    which, _colon, rest = wanted.partition(":")
    key, _colon, way = rest.partition(":")
    if which != letter or key not in keys:
        return
    at = keys.index(key)
    to = at + (-1 if way == "up" else 1)
    if 0 <= to < len(keys):
        keys.insert(to, keys.pop(at))
