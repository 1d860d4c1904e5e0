"""Typing in paper forms: a field for each question that takes the printed codes, and the choice between two entries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.actions.freezing import languages_of
from elbe_elster.participation.languages import COLUMNS
from elbe_elster.participation.models import PaperBatch, Survey, SurveyVersion
from elbe_elster.participation.paper import codes
from elbe_elster.participation.paper.comparing import not_due
from elbe_elster.participation.questionnaire.document import (
    BASE_LANGUAGE,
    ONE_OPTION,
    TEXTS,
    WITH_OPTIONS,
    Kind,
    in_language,
)
from elbe_elster.participation.questionnaire.words import question_numbers
from elbe_elster.ui.context import LANGUAGE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.forms.boundfield import BoundField
    from django.http import QueryDict

    from elbe_elster.participation.paper.comparing import Difference
    from elbe_elster.participation.questionnaire.answers import Answers, Given
    from elbe_elster.participation.questionnaire.document import Question, Questionnaire

MOST_EXPLAINED = 12  # options whose words stand beside the field
LONGEST_WORDS = 40  # letters of one of them


class BatchForm(forms.ModelForm[PaperBatch]):
    """A new pile."""

    checked_share = forms.IntegerField(
        label=_("Zweiteingabe in Prozent"),
        min_value=0,
        max_value=100,
        initial=10,
        help_text=_("So viele zufällig gezogene Bögen gibt eine zweite Person noch einmal ein."),
    )

    class Meta:
        model = PaperBatch
        fields = ("note", "version", "checked_share")

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.survey = survey
        versions = SurveyVersion.objects.filter(survey=survey).order_by("-number")
        field = forms.ModelChoiceField(
            versions, label=_("Fassung auf den Bögen"), initial=survey.current_id, empty_label=None,
            help_text=_("Steht klein am unteren Rand jedes Bogens."),
        )  # fmt: skip
        field.label_from_instance = _version_words  # type: ignore[assignment]
        self.fields["version"] = field

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "number"}  # type: ignore[misc]


def _version_words(version: SurveyVersion) -> str:
    return gettext("Fassung %(number)s") % {"number": version.number}


@dataclass(frozen=True)
class Part:
    """A page of the questionnaire with its fields."""

    title: str
    fields: list[BoundField]


class SheetForm(forms.Form):
    """One sheet, in the order of the questionnaire. ``answers`` holds what was typed, by question.

    What is not the person's turn is reported once; ``agreed`` carries the codes that the clerk has seen.
    """

    mark_optional = False
    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=30_000)
    agreed = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, document: Questionnaire, given: Mapping[str, Given] | None = None, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.document = document
        self.answers: Answers = {}
        self.numbers = question_numbers(document)
        self.asked = [found for found in document.questions() if found.asks and not found.retired]
        for question in self.asked:
            typed = codes.as_typed(question, given[question.code]) if given and question.code in given else codes.Typed()  # fmt: skip
            self._add_fields(question, typed)

    def _add_fields(self, question: Question, typed: codes.Typed) -> None:
        for name, field in question_fields(question, f"{self.numbers[question.code]}. ", typed).items():
            self.fields[name] = field

    def parts(self) -> list[Part]:
        """The fields, page by page, for the template."""
        return [
            Part(
                in_language(page.title, BASE_LANGUAGE),
                [self[name] for question in page.questions for name in names_of(question) if name in self.fields],
            )
            for page in self.document.pages
            if any(f"q-{question.code}" in self.fields for question in page.questions)
        ]

    def aim(self) -> None:
        """Put the cursor behind the last field that is filled in; after an error the summary has it."""
        if self.errors:
            return
        names = [name for question in self.asked for name in names_of(question)]
        filled = [place for place, name in enumerate(names) if self.is_bound and self[name].value()]
        aimed = min(filled[-1] + 1, len(names) - 1) if filled else 0
        if names:
            self.fields[names[aimed]].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        """Read every field; then say what is not the person's turn, unless the clerk has seen just that."""
        for question in self.asked:
            given = read_fields(self, question)
            if given is not None and not given.is_empty:
                self.answers[question.code] = given
        if not self.errors:
            self._report_not_due()
        return self.cleaned_data

    def _report_not_due(self) -> None:
        found = not_due(self.document, self.answers)
        seen = " ".join(question.code for question in found)
        if found and self.cleaned_data.get("agreed") != seen:
            for question in found:
                words = gettext("Frage %(number)s ist nach den Antworten nicht an der Reihe. Trotzdem angekreuzt? Dann speichern Sie noch einmal: Das Kreuz zählt nicht mit.")  # fmt: skip
                self.add_error(f"q-{question.code}", words % {"number": self.numbers[question.code]})
            self.data = {**cast("QueryDict", self.data).dict(), "agreed": seen}


class SettlingForm(forms.Form):
    """For each difference: the first entry, the second, or what is really on the paper."""

    mark_optional = False
    FIRST, SECOND, OTHER = "first", "second", "other"

    def __init__(self, *args: Any, differences: Iterable[Difference], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences = list(differences)
        self.answers: dict[str, Given] = {}
        for found in self.differences:
            code = found.question.code
            self.fields[f"d-{code}"] = forms.ChoiceField(
                label=f"{found.number}. {in_language(found.question.label, BASE_LANGUAGE)}",
                choices=[
                    (
                        self.FIRST,
                        gettext("Erste Eingabe: %(words)s") % {"words": shown_typed(found.question, found.first)},
                    ),
                    (
                        self.SECOND,
                        gettext("Zweite Eingabe: %(words)s") % {"words": shown_typed(found.question, found.second)},
                    ),
                    (self.OTHER, gettext("Etwas anderes, nämlich:")),
                ],
                widget=forms.RadioSelect,
                error_messages={"required": _("Sehen Sie auf dem Bogen nach und wählen Sie, was gilt.")},
            )
            for name, field in question_fields(found.question, "", codes.Typed()).items():
                label = gettext("Was auf dem Bogen steht") if name.startswith("q-") else field.label
                field.label = f"{label} ({gettext('Frage %(number)s') % {'number': found.number}})"
                self.fields[name] = field

    def groups(self) -> list[tuple[BoundField, list[BoundField]]]:
        """For each difference the choice, and the fields for something else, for the template."""
        return [
            (self[f"d-{found.question.code}"], [self[name] for name in names_of(found.question)])
            for found in self.differences
        ]

    def clean(self) -> dict[str, Any]:
        """Take over what was chosen."""
        for found in self.differences:
            code = found.question.code
            chosen = self.cleaned_data.get(f"d-{code}")
            if chosen == self.OTHER:
                given = read_fields(self, found.question)
                if given is not None:
                    self.answers[code] = given
            elif chosen:
                self.answers[code] = found.first if chosen == self.FIRST else found.second
        return self.cleaned_data


def names_of(question: Question) -> list[str]:
    """The names of the fields of a question."""
    others = [option for option in question.options if option.other and not option.retired]
    return [f"q-{question.code}", *(f"w-{question.code}-{option.code}" for option in others)]


def question_fields(question: Question, prefix: str, typed: codes.Typed) -> dict[str, forms.Field]:
    """A field for the codes and one for each text beside an option."""
    attrs = {"autocomplete": "off", "spellcheck": "false"}
    long = question.kind is Kind.LONG_TEXT
    found: dict[str, forms.Field] = {
        f"q-{question.code}": forms.CharField(
            label=f"{prefix}{in_language(question.label, BASE_LANGUAGE)}",
            required=False,
            strip=False,
            max_length=codes.MOST_TYPED,
            initial=typed.answer,
            help_text=_explained(question),
            widget=forms.Textarea(attrs={**attrs, "rows": 3})
            if long
            else forms.TextInput(attrs={**attrs, **_pattern(question)}),
        )
    }
    for option in question.options:
        if option.other and not option.retired:
            found[f"w-{question.code}-{option.code}"] = forms.CharField(
                label=f"{prefix}{gettext('Text zu %(number)s') % {'number': option.number}}",
                required=False,
                max_length=codes.MOST_TYPED,
                initial=typed.others.get(option.code, ""),
                widget=forms.TextInput(attrs=attrs),
            )
    return found


def read_fields(form: forms.Form, question: Question) -> Given | None:
    """The answer in the fields of a question; None where the form has an error for them, which is noted."""
    name, *others = names_of(question)
    if name not in form.cleaned_data:
        return None
    length = len(f"w-{question.code}-")
    typed = codes.Typed(form.cleaned_data[name], {other[length:]: form.cleaned_data.get(other, "") for other in others})
    try:
        return codes.read_typed(question, typed)
    except codes.TypingError as error:
        form.add_error(name, str(error))
        return None


def shown_typed(question: Question, given: Given) -> str:
    """An answer as it is typed, of one option with its words, and with the texts beside it."""
    typed = codes.as_typed(question, given)
    chosen = (
        question.option_by_code.get(given.options[0])
        if len(given.options) == 1 and question.kind in ONE_OPTION
        else None
    )
    label = [f"({_short(in_language(chosen.label, BASE_LANGUAGE))})"] if chosen else []
    texts = [f"„{text}“" for text in typed.others.values() if text]
    return " ".join([typed.answer or gettext("leer"), *label, *texts])


def _pattern(question: Question) -> dict[str, str]:
    """Lets the browser mark at once what can be no answer; the server says why."""
    if question.kind not in WITH_OPTIONS:
        return {}
    numbers = "|".join(str(option.number) for option in question.options if not option.retired)
    if question.kind in ONE_OPTION:
        sign = f"{numbers}|[kK]|[?]" if question.no_answer else f"{numbers}|[?]"
        return {"pattern": rf"\s*({sign})\s*"}
    return {"pattern": r"\s*([kK]|[\d?,;+\/ \-]*)\s*"}


def _explained(question: Question) -> str:
    options = [option for option in question.options if not option.retired]
    if len(options) > MOST_EXPLAINED:
        said = [gettext("%(first)s bis %(last)s") % {"first": options[0].number, "last": options[-1].number}]
    else:
        said = [f"{option.number}\u00a0{_short(in_language(option.label, BASE_LANGUAGE))}" for option in options]
    if question.no_answer:
        said.append(gettext("k\u00a0keine Angabe"))
    way = codes.explained(question)
    unit = in_language(question.unit, BASE_LANGUAGE)
    if question.kind in TEXTS:
        return ""
    return " · ".join([*said, *([unit] if unit else []), *([way] if way else [])])


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1].rstrip()}…"


class ReturnForm(forms.ModelForm[Survey]):
    """Where forms come back, in every language of the survey."""

    class Meta:
        model = Survey
        fields = ("paper_return_de", "paper_return_en", "paper_return_de_simple")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = languages_of(self.instance)
        for code, column in COLUMNS.items():
            field = self.fields[f"paper_return_{column}"]
            field.label = gettext("Wohin der Bogen kommt (%(language)s)") % {"language": LANGUAGE_NAMES[code]}
            field.help_text = gettext("Rathaus, Bücherei, Anschrift. Auch, wie es ohne Porto geht.") if code == BASE_LANGUAGE else ""  # fmt: skip
            field.widget.attrs["rows"] = 3
            if code not in spoken:
                del self.fields[f"paper_return_{column}"]
