"""Which question splits the results, and into which groups."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from elbe_elster.participation.breakdowns import NewGroup, band_labels
from elbe_elster.participation.questionnaire.document import Kind
from elbe_elster.ui.context import LANGUAGE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.forms.boundfield import BoundField

    from elbe_elster.participation.models import Breakdown, BreakdownGroup
    from elbe_elster.participation.questionnaire.document import Question

SPARE = 2  # empty lines for further groups
LABEL = 120  # characters
NAME = 80


class AddBreakdownForm(forms.Form):
    """The question by which results are split."""

    question = forms.ChoiceField(
        label=gettext_lazy("Nach welcher Frage?"),
        error_messages={"required": gettext_lazy("Wählen Sie eine Frage.")},
        help_text=gettext_lazy("Fragen mit einer Antwort und Zahlen kommen infrage."),
    )

    def __init__(self, *args: Any, questions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].choices = [("", "–"), *questions]  # type: ignore[attr-defined]


class GroupsForm(forms.Form):
    """The name of a breakdown and its groups: lines with names, and for each answer the line it belongs to.

    Of a number each line has bounds instead. Lines are counted from 1; empty ones vanish.
    """

    def __init__(
        self, *args: Any, breakdown: Breakdown, question: Question, languages: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.question, self.languages = question, tuple(languages)
        groups = list(breakdown.groups.all())
        self.lines = len(groups) + SPARE
        for language in self.languages:
            self._text(f"name-{language}", _("Name der Gliederung"), language, NAME, _label(breakdown, language))
        for line in range(1, self.lines + 1):
            group = groups[line - 1] if line <= len(groups) else None
            for language in self.languages:
                label = _label(group, language) if group else ""
                self._text(f"label-{line}-{language}", _("Gruppe %(line)s") % {"line": line}, language, LABEL, label)
            if self.is_number:
                self._bound(f"least-{line}", _("von"), group.least if group else None)
                self._bound(f"most-{line}", _("bis"), group.most if group else None)
        self.fields["name-de"].required = True
        of = {number: line for line, group in enumerate(groups, start=1) for number in group.options}
        lines = [(str(line), self._line_name(line, groups)) for line in range(1, self.lines + 1)]
        for option in () if self.is_number else question.options:
            self.fields[f"option-{option.number}"] = forms.ChoiceField(
                label=option.label.get("de", option.code),
                choices=[("0", _("in keiner Gruppe")), *lines],
                initial=str(of.get(option.number, 0)),
            )

    def _line_name(self, line: int, groups: Sequence[BreakdownGroup]) -> str:
        return f"{line}: {groups[line - 1].label if line <= len(groups) else _('neue Gruppe')}"

    @property
    def is_number(self) -> bool:
        """Whether groups are ranges of a number."""
        return self.question.kind is Kind.NUMBER

    def _text(self, name: str, label: str, language: str, longest: int, initial: str) -> None:
        suffix = "" if language == "de" else f" ({LANGUAGE_NAMES[language]})"
        self.fields[name] = forms.CharField(
            label=f"{label}{suffix}", required=False, max_length=longest, initial=initial
        )

    def _bound(self, name: str, label: str, initial: Decimal | None) -> None:
        shown = None if initial is None else initial.normalize()
        self.fields[name] = forms.DecimalField(
            label=label, required=False, max_digits=15, decimal_places=4, localize=True, initial=shown
        )

    @property
    def name(self) -> BoundField:
        """The German name of the breakdown."""
        return self["name-de"]

    def group_lines(self) -> Iterator[dict[str, Any]]:
        """Each line with its German name and its bounds."""
        for line in range(1, self.lines + 1):
            bounds = [self[f"least-{line}"], self[f"most-{line}"]] if self.is_number else []
            yield {"label": self[f"label-{line}-de"], "bounds": bounds}

    def translations(self) -> list[BoundField]:
        """Names in the other languages."""
        kinds = ("name", *(f"label-{line}" for line in range(1, self.lines + 1)))
        return [self[f"{kind}-{language}"] for kind in kinds for language in self.languages if language != "de"]

    def answers(self) -> list[BoundField]:
        """For each answer the line it belongs to."""
        return [self[name] for name in self.fields if name.startswith("option-")]

    def clean(self) -> dict[str, Any]:
        """The groups as they will be written, in ``groups``; every group has somebody, and nobody is in two."""
        given = super().clean() or {}
        given["labels"] = {language: given.get(f"name-{language}", "") for language in self.languages}
        given["groups"] = self._bands(given) if self.is_number else self._of_options(given)
        if not self.errors and not given["groups"]:
            self.add_error(None, _("Bilden Sie mindestens eine Gruppe."))
        return given

    def _labels(self, given: dict[str, Any], line: int) -> dict[str, str]:
        return {language: given.get(f"label-{line}-{language}", "") for language in self.languages}

    def _of_options(self, given: dict[str, Any]) -> list[NewGroup]:
        found = []
        for line in range(1, self.lines + 1):
            options = [option for option in self.question.options if given.get(f"option-{option.number}") == str(line)]
            labels = self._labels(given, line)
            if not options:
                continue
            if not labels["de"]:
                if len(options) > 1:
                    self.add_error(f"label-{line}-de", _("Geben Sie der Gruppe %(line)s einen Namen.") % {"line": line})
                labels = dict(options[0].label)
            found.append(NewGroup(labels, tuple(option.number for option in options)))
        return found

    def _bands(self, given: dict[str, Any]) -> list[NewGroup]:
        found: list[NewGroup] = []
        for line in range(1, self.lines + 1):
            least, most = given.get(f"least-{line}"), given.get(f"most-{line}")
            labels = self._labels(given, line)
            if least is None and most is None:
                if labels["de"]:
                    self.add_error(
                        f"least-{line}", _("Von wo bis wo geht die Gruppe „%(name)s“?") % {"name": labels["de"]}
                    )
                continue
            if least is not None and most is not None and most < least:
                self.add_error(f"most-{line}", _("Das Ende liegt vor dem Anfang."))
            group = NewGroup(labels if labels["de"] else band_labels(least, most), least=least, most=most)
            if any(_overlap(group, other) for other in found):
                self.add_error(
                    f"least-{line}", _("Die Gruppe %(line)s überschneidet sich mit einer anderen.") % {"line": line}
                )
            found.append(group)
        return found


def _overlap(one: NewGroup, other: NewGroup) -> bool:
    """Whether a number could be in both."""
    far = Decimal(10) ** 12
    starts = max(_or(one.least, -far), _or(other.least, -far))
    return starts <= min(_or(one.most, far), _or(other.most, far))


def _or(value: Decimal | None, instead: Decimal) -> Decimal:
    return instead if value is None else value


def _label(row: Any, language: str) -> str:
    return str(getattr(row, f"label_{language.replace('-', '_')}") or "")
