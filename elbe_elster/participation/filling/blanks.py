"""The HTML of one question with marks where something differs from person to person; see drawing.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elbe_elster.participation.questionnaire.document import (
    BASE_LANGUAGE,
    MATRICES,
    TEXTS,
    Duty,
    Kind,
    Option,
    Question,
    in_language,
)
from elbe_elster.ui.blanks import mark
from elbe_elster.ui.markdown import render_markdown

from .cleaning import MOST_BESIDE, NO_ANSWER, in_figures, most_characters

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

FRAME = "participation/filling/questions/frame.html"
CHOICES = "participation/filling/questions/choices.html"
ENTRY = "participation/filling/questions/entry.html"
TABLE = "participation/filling/questions/table.html"
TEMPLATES = {
    Kind.SINGLE: CHOICES,
    Kind.MULTIPLE: CHOICES,
    Kind.YES_NO: CHOICES,
    Kind.SCALE: "participation/filling/questions/scale.html",
    Kind.MATRIX_SINGLE: TABLE,
    Kind.MATRIX_MULTIPLE: TABLE,
    Kind.RANKING: "participation/filling/questions/ranking.html",
    Kind.NUMBER: ENTRY,
    Kind.DATE: ENTRY,
    Kind.SHORT_TEXT: ENTRY,
    Kind.LONG_TEXT: ENTRY,
    Kind.MUNICIPALITY: "participation/filling/questions/place.html",
    Kind.INFORMATION: "participation/filling/questions/information.html",
}
CHOICES_OPTION = "participation/filling/questions/choices_option.html"
OPTION_TEMPLATES = {
    Kind.SINGLE: CHOICES_OPTION,
    Kind.MULTIPLE: CHOICES_OPTION,
    Kind.YES_NO: CHOICES_OPTION,
    Kind.SCALE: "participation/filling/questions/scale_option.html",
    Kind.RANKING: "participation/filling/questions/ranking_option.html",
    Kind.MUNICIPALITY: "participation/filling/questions/place_option.html",
}
RADIOS = frozenset({Kind.SINGLE, Kind.YES_NO, Kind.SCALE, Kind.MATRIX_SINGLE})
ONE_FIELD = frozenset({Kind.SINGLE, Kind.YES_NO, Kind.SCALE, Kind.MUNICIPALITY})  # "keine Angabe" stands in q-<code>
LONGEST_SCALE = 7  # options with words beside each other
LONGEST_WORD = 14  # characters on such a scale


@dataclass(frozen=True)
class Drawn:
    """The frame of a question and its options, with marks."""

    frame: str
    options: tuple[tuple[Option, str], ...]
    help_id: str


def blank_question(question: Question, number: int, language: str) -> Drawn:
    """Draw a question in the language that is active."""
    asked = _question(question, number, language)
    options = tuple(option for option in question.options if not option.retired)
    template = CHOICES_OPTION if asked["as_list"] else OPTION_TEMPLATES.get(question.kind, "")
    context = {"q": asked, "blank": _blanks(question)}
    if question.kind in MATRICES:
        context |= _table(question, options, language)
    return Drawn(
        frame=_drawn(FRAME, context),
        options=tuple(
            (option, _drawn(template, {"q": asked, "o": _option(question, option, language)}))
            for option in (options if template else ())
        ),
        help_id=f"h-{question.code}" if asked["help"] or asked["hints"] else "",
    )


def _drawn(template: str, context: dict[str, Any]) -> str:
    """Without the blank space that makes a template readable."""
    html = render_to_string(template, context)
    lines = (line.strip() for line in html.splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def _question(question: Question, number: int, language: str) -> dict[str, Any]:
    as_list = question.kind is Kind.SCALE and _is_wordy(question, language)
    one_field = question.kind in ONE_FIELD
    return {
        "code": question.code,
        "kind": question.kind.value,
        "as_list": as_list,
        "figures": all(_is_figure(in_language(option.label, language)) for option in question.options),
        "template": CHOICES if as_list else TEMPLATES[question.kind],
        "number": number,
        "label": in_language(question.label, language),
        "help": render_markdown(in_language(question.help, language)),
        "hints": _hints(question, language),
        "lang": BASE_LANGUAGE if language == "en" and not question.label.get(language) else "",
        "id": f"f-{question.code}",
        "control": "radio" if question.kind in RADIOS else "checkbox",
        "no_answer": question.no_answer,
        "no_answer_control": "radio" if one_field else "checkbox",
        "no_answer_name": f"q-{question.code}" if one_field else f"m-{question.code}",
        "no_answer_value": NO_ANSWER if one_field else "no_answer",
        "most_beside": MOST_BESIDE,
        **_entry(question, language),
    }


def _is_wordy(question: Question, language: str) -> bool:
    """Whether the points of a scale need more room than a row has."""
    labels = [in_language(option.label, language) for option in question.options if not option.retired]
    words = [max(map(len, label.split()), default=0) for label in labels if not _is_figure(label)]
    return bool(words) and (len(labels) > LONGEST_SCALE or max(words) > LONGEST_WORD)


def _is_figure(label: str) -> bool:
    return label.strip().lstrip("+-−").isdigit()


def _entry(question: Question, language: str) -> dict[str, Any]:
    """What a field to write into needs."""
    most = most_characters(question) if question.kind in TEXTS else 0
    return {
        "type": "date" if question.kind is Kind.DATE else "text",
        "inputmode": ("decimal" if question.places else "numeric") if question.kind is Kind.NUMBER else "",
        "most": most,
        "counts": _("Höchstens %(most)s Zeichen.") % {"most": in_figures(most)}
        if question.kind is Kind.LONG_TEXT
        else "",
        "unit": in_language(question.unit, language),
        "earliest": question.earliest,
        "latest": question.latest,
    }


def _hints(question: Question, language: str) -> list[str]:
    """What the person should know before answering, from the rules of the question."""
    found = [_rule(question, language)]
    if question.duty is Duty.HARD:
        found.append(_("Diese Frage brauchen wir: Ohne Antwort geht es nicht weiter."))
    return [hint for hint in found if hint]


def _rule(question: Question, language: str) -> str:
    match question.kind:
        case Kind.MULTIPLE:
            return _choices_rule(question)
        case Kind.MATRIX_MULTIPLE:
            return _("Mehrere Antworten in jeder Zeile sind möglich.")
        case Kind.RANKING:
            return _("Platz 1 ist am wichtigsten. Sie müssen nicht alle Plätze vergeben.")
        case Kind.NUMBER:
            return _number_rule(question, in_language(question.unit, language))
    return ""


def _choices_rule(question: Question) -> str:
    least, most = int(question.least or 0), int(question.most or 0)
    if least > 1 and most:
        return _("Bitte wählen Sie %(least)d bis %(most)d Antworten aus.") % {"least": least, "most": most}
    if most:
        return ngettext(
            "Sie können höchstens eine Antwort auswählen.", "Sie können höchstens %(n)d Antworten auswählen.", most
        ) % {"n": most}
    if least > 1:
        return _("Bitte wählen Sie mindestens %(n)d Antworten aus.") % {"n": least}
    return _("Sie können mehrere Antworten auswählen.")


def _number_rule(question: Question, unit: str) -> str:
    least, most = question.least, question.most
    words = {"least": in_figures(least), "most": in_figures(most), "unit": unit}
    if least is not None and most is not None:
        return _("Eine Zahl von %(least)s bis %(most)s.") % words
    if least is not None:
        return _("Eine Zahl ab %(least)s.") % words
    return _("Eine Zahl bis %(most)s.") % words if most is not None else ""


def _blanks(question: Question) -> dict[str, SafeString]:
    """The blanks of the frame."""
    names = ("hidden", "focus", "error_class", "error", "described", "invalid", "options")
    code = question.code
    said = (f"q-{code}", NO_ANSWER) if question.kind in ONE_FIELD else (f"m-{code}", "no_answer")
    return {
        **{name: mark(name) for name in names},
        "value": mark("value", f"q-{code}"),
        "no_answer": mark("checked", *said),
        "no_answer_selected": mark("selected", *said),
    }


def _option(question: Question, option: Option, language: str) -> dict[str, Any]:
    code, label = option.code, in_language(option.label, language)
    is_figure = _is_figure(label)
    return {
        "code": code,
        "label": label,
        "help": in_language(option.help, language),
        "other": option.other,
        "exclusive": option.exclusive,
        "id": f"f-{question.code}-{code}",
        "hidden": mark("option", code) if option.condition else "",
        "checked": mark("checked", f"q-{question.code}", code),
        "selected": mark("selected", f"q-{question.code}", code),
        "beside": mark("value", f"w-{question.code}-{code}"),
        "figure": label if is_figure else option.number,
        "words": "" if is_figure else label,
        "places": _places(question, code) if question.kind is Kind.RANKING else [],
    }


def _places(question: Question, code: str) -> list[dict[str, Any]]:
    many = sum(not option.retired for option in question.options)
    return [
        {"number": place, "selected": mark("selected", f"r-{question.code}-{code}", str(place))}
        for place in range(1, many + 1)
    ]


def _table(question: Question, options: tuple[Option, ...], language: str) -> dict[str, Any]:
    columns = [{**_option(question, option, language), "id": f"c-{question.code}-{option.code}"} for option in options]
    return {
        "columns": columns,
        "rows": [
            {
                "code": item.code,
                "id": f"i-{question.code}-{item.code}",
                "label": in_language(item.label, language),
                "hidden": mark("item", item.code) if item.condition else "",
                "cells": [
                    {
                        **column,
                        "id": f"f-{question.code}-{item.code}-{column['code']}",
                        "column": column["id"],
                        "checked": mark("checked", f"q-{question.code}-{item.code}", column["code"]),
                    }
                    for column in columns
                ],
            }
            for item in question.items
            if not item.retired
        ],
    }
