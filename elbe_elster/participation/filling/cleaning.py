"""From what a browser sent to an answer, with a sentence for everything that does not fit.

Used for people who fill in and for test answers; paper forms are read by ``paper.codes``. What is hidden or was retired is
kept in the answer if it is known (``questionnaire.path.only_shown`` leaves it out); rules are about what is shown.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from elbe_elster.participation.questionnaire.answers import Given, Missing
from elbe_elster.participation.questionnaire.document import MATRICES, ONE_OPTION, TEXTS, Kind, in_language
from elbe_elster.participation.questionnaire.path import only_shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Protocol

    from elbe_elster.participation.questionnaire.document import Question
    from elbe_elster.participation.questionnaire.path import ShownQuestion

    class Sent(Protocol):
        """Values by the name of a field: a QueryDict, or ``SentValues``."""

        def getlist(self, key: str, /) -> Sequence[object]:
            """Every value of this name."""

    Cleaned = tuple[Given, list[str]]

NO_ANSWER = "-"  # in q-<code>, where one option is chosen
MOST_CHARACTERS = {Kind.SHORT_TEXT: 300, Kind.LONG_TEXT: 5_000}
MOST_BESIDE = 300  # characters of the text beside an option
MOST_KEPT = 20_000  # characters of any field; what is longer is cut
LARGEST = Decimal(10) ** 11
GERMAN_DAY = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000]")


class SentValues(dict[str, list[str]]):
    """Values by name, where there is no QueryDict."""

    def getlist(self, key: str, /) -> list[str]:
        """Every value of this name."""
        return self.get(key, [])


def clean_question(shown: ShownQuestion, data: Sent, language: str) -> Cleaned:
    """The answer to one question and what is wrong with it (texts for the person; empty: nothing).

    Whether an answer is missing is not asked here, see ``missing_answer``.
    """
    given, errors = read_question(shown.question, data)
    return given, errors or wrong_with(shown, given, language)


def read_question(question: Question, data: Sent) -> Cleaned:
    """What was sent as an answer, whatever is shown; empty where it cannot be read."""
    return _value(question, data) if question.asks else (Given(), [])


def wrong_with(shown: ShownQuestion, given: Given, language: str) -> list[str]:
    """What does not fit in an answer, looking only at what is shown."""
    visible = only_shown(shown, given)
    if given.missing and visible.is_answer:
        return [_("Sie haben geantwortet und „Keine Angabe“ gewählt. Bitte lassen Sie nur eines davon stehen.")]
    return _rules(shown, visible, language)


def missing_answer(shown: ShownQuestion, given: Given | None) -> str:
    """What to say where an answer is asked for and there is none; empty where there is one. Not for information."""
    if given is not None and (given.missing is not None or _is_whole(shown, given)):
        return ""
    said = {
        Kind.MULTIPLE: _("Bitte wählen Sie mindestens eine Antwort aus."),
        Kind.MATRIX_SINGLE: _("Bitte wählen Sie in jeder Zeile eine Antwort aus."),
        Kind.MATRIX_MULTIPLE: _("Bitte wählen Sie in jeder Zeile eine Antwort aus."),
        Kind.RANKING: _("Bitte vergeben Sie mindestens einen Platz."),
        Kind.NUMBER: _("Bitte tragen Sie eine Zahl ein."),
        Kind.DATE: _("Bitte tragen Sie ein Datum ein."),
        Kind.SHORT_TEXT: _("Bitte schreiben Sie eine Antwort."),
        Kind.LONG_TEXT: _("Bitte schreiben Sie eine Antwort."),
        Kind.MUNICIPALITY: _("Bitte wählen Sie einen Ort aus."),
    }
    return said.get(shown.question.kind, _("Bitte wählen Sie eine Antwort aus."))


def _is_whole(shown: ShownQuestion, given: Given) -> bool:
    visible = only_shown(shown, given)
    if shown.question.kind in MATRICES:
        return all(visible.items.get(item.code) for item in shown.items)
    return visible.is_answer


def _texts(data: Sent, name: str) -> list[str]:
    sent = (CONTROL.sub("", value[:MOST_KEPT]).strip() for value in data.getlist(name) if isinstance(value, str))
    return [value for value in sent if value]


def _text(data: Sent, name: str) -> str:
    return next(iter(_texts(data, name)), "")


# What was sent -----------------------------------------------------------------------------------------------------


def _value(question: Question, data: Sent) -> Cleaned:
    name = f"q-{question.code}"
    missing = _missing(data, question)
    if question.kind in MATRICES:
        return _matrix(question, data, missing)
    if question.kind is Kind.RANKING:
        return _ranking(question, data, missing)
    if question.kind is Kind.NUMBER:
        return _number(question, _text(data, name), missing)
    if question.kind is Kind.DATE:
        return _date(_text(data, name), missing)
    if question.kind in TEXTS:
        return Given(text=_text(data, name).replace("\r\n", "\n"), missing=missing), []
    return _choices(question, data, [code for code in _texts(data, name) if code != NO_ANSWER], missing)


def _missing(data: Sent, question: Question) -> Missing | None:
    said = _text(data, f"m-{question.code}")
    chosen = question.kind in ONE_OPTION and NO_ANSWER in _texts(data, f"q-{question.code}")
    asked = said == Missing.NO_ANSWER or chosen
    return Missing.NO_ANSWER if asked and question.no_answer else None  # only a clerk says that paper is not legible


def _known(question: Question, codes: Iterable[str]) -> bool:
    known = question.option_by_code
    return all(code in known and not known[code].retired for code in codes)


def _unknown() -> list[str]:
    return [_("Diese Antwort gibt es hier nicht. Bitte wählen Sie noch einmal.")]


def _choices(question: Question, data: Sent, codes: list[str], missing: Missing | None) -> Cleaned:
    codes = list(dict.fromkeys(codes))
    if not _known(question, codes):
        return Given(), _unknown()
    if question.kind is not Kind.MULTIPLE and len(codes) > 1:
        return Given(), [_("Bitte wählen Sie nur eine Antwort aus.")]
    beside = {
        option.code: text
        for option in question.options
        if option.other and (text := _text(data, f"w-{question.code}-{option.code}"))
    }
    if beside and not codes and not missing:  # who writes beside an option means it
        codes = list(beside)[:1]
    number = question.option_by_code[codes[0]].number if len(codes) == 1 else None
    return Given(options=tuple(codes), others=beside, missing=missing, option_value=number), []


def _matrix(question: Question, data: Sent, missing: Missing | None) -> Cleaned:
    rows: dict[str, tuple[str, ...]] = {}
    for item in question.items:
        codes = tuple(dict.fromkeys(_texts(data, f"q-{question.code}-{item.code}")))
        if codes and not item.retired:
            rows[item.code] = codes
    if not _known(question, (code for codes in rows.values() for code in codes)):
        return Given(), _unknown()
    if question.kind is Kind.MATRIX_SINGLE and any(len(codes) > 1 for codes in rows.values()):
        return Given(), [_("Bitte wählen Sie in jeder Zeile nur eine Antwort aus.")]
    return Given(items=rows, missing=missing), []


def _ranking(question: Question, data: Sent, missing: Missing | None) -> Cleaned:
    places: dict[int, list[str]] = {}
    for option in question.options:
        said = _text(data, f"r-{question.code}-{option.code}")
        if not said or option.retired:
            continue
        place = int(said) if re.fullmatch(r"[0-9]{1,6}", said) else 0  # int() fails at thousands of digits
        if not 1 <= place <= len(question.options):
            return Given(), [_("Ein Platz ist eine Zahl von 1 bis %(n)d.") % {"n": len(question.options)}]
        places.setdefault(place, []).append(option.code)
    twice = [place for place, codes in sorted(places.items()) if len(codes) > 1]
    if twice:
        return Given(), [
            _("Platz %(place)d ist mehrmals vergeben. Bitte jeden Platz nur einmal.") % {"place": twice[0]}
        ]
    return Given(options=tuple(places[place][0] for place in sorted(places)), missing=missing), []


def _number(question: Question, text: str, missing: Missing | None) -> Cleaned:
    if not text:
        return Given(missing=missing), []
    number = _read_number(text)
    if number is None:
        return Given(), [_("Bitte tragen Sie nur eine Zahl ein, zum Beispiel 12.")]
    if number != round(number, question.places):
        if not question.places:
            return Given(), [_("Bitte tragen Sie eine ganze Zahl ein.")]
        said = ngettext("Bitte höchstens eine Stelle nach dem Komma.", "Bitte höchstens %(n)d Stellen nach dem Komma.", question.places)  # fmt: skip
        return Given(), [said % {"n": question.places}]
    if abs(number) >= LARGEST:
        return Given(), [_("Diese Zahl ist zu groß.")]
    return Given(number=number, missing=missing), []


def _read_number(text: str) -> Decimal | None:
    """A number as people write it: 1.500 and 1 500 are one and a half thousand, 1,5 and 1.5 one and a half."""
    plain = re.sub(r"[\s\u00a0\u202f']", "", text).replace("−", "-")
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?", plain):
        plain = plain.replace(".", "")
    plain = plain.replace(",", ".")
    if not re.fullmatch(r"[+-]?\d{1,20}(\.\d{1,20})?", plain, re.ASCII):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _date(text: str, missing: Missing | None) -> Cleaned:
    if not text:
        return Given(missing=missing), []
    german = GERMAN_DAY.fullmatch(text)
    try:
        if german:
            day, month, year = map(int, german.groups())
            return Given(date=dt.date(year, month, day), missing=missing), []
        return Given(date=dt.date.fromisoformat(text), missing=missing), []
    except ValueError:
        return Given(), [_("Dieses Datum gibt es nicht. Bitte schreiben Sie es so: 31.12.2026.")]


# What is asked of it -----------------------------------------------------------------------------------------------


def _rules(shown: ShownQuestion, visible: Given, language: str) -> list[str]:
    """What is wrong with an answer, looking only at what is shown."""
    question = shown.question
    if not visible.is_answer:
        return []
    match question.kind:
        case Kind.NUMBER:
            return _number_rules(question, visible)
        case Kind.DATE:
            return _date_rules(question, visible)
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return _text_rules(question, visible)
        case Kind.MULTIPLE | Kind.RANKING:
            return _choice_rules(question, visible, language) or _beside_rules(question, visible, language)
    return _beside_rules(question, visible, language)


def _number_rules(question: Question, visible: Given) -> list[str]:
    least, most, number = question.least, question.most, visible.number
    if number is None or not ((least is not None and number < least) or (most is not None and number > most)):
        return []
    words = {"least": in_figures(least), "most": in_figures(most)}
    if least is not None and most is not None:
        return [_("Die Zahl muss zwischen %(least)s und %(most)s liegen.") % words]
    if least is not None:
        return [_("Die Zahl muss mindestens %(least)s sein.") % words]
    return [_("Die Zahl darf höchstens %(most)s sein.") % words]


def in_figures(number: Decimal | int | None) -> str:
    """A number as the language writes it, with as many decimals as it has; nothing stays empty."""
    if number is None:
        return ""
    places = max(0, -int(Decimal(number).normalize().as_tuple().exponent))
    return number_format(number, places, use_l10n=True, force_grouping=True)


def _date_rules(question: Question, visible: Given) -> list[str]:
    earliest, latest, day = question.earliest, question.latest, visible.date
    if day is None:
        return []
    if earliest and day < dt.date.fromisoformat(earliest):
        return [_("Das Datum darf nicht vor dem %(day)s liegen.") % {"day": _day(earliest)}]
    if latest and day > dt.date.fromisoformat(latest):
        return [_("Das Datum darf nicht nach dem %(day)s liegen.") % {"day": _day(latest)}]
    return []


def _day(iso: str) -> str:
    return date_format(dt.date.fromisoformat(iso), "DATE_FORMAT")


def most_characters(question: Question) -> int:
    """How long a text may be."""
    return int(question.most) if question.most is not None else MOST_CHARACTERS[question.kind]


def _text_rules(question: Question, visible: Given) -> list[str]:
    length, most = len(visible.text.strip()), most_characters(question)
    if length > most:
        return [
            _("Der Text ist zu lang: %(length)d Zeichen. Möglich sind %(most)d.") % {"length": length, "most": most}
        ]
    if question.least is not None and length < question.least:
        return [_("Bitte schreiben Sie mindestens %(least)d Zeichen.") % {"least": question.least}]
    return []


def _choice_rules(question: Question, visible: Given, language: str) -> list[str]:
    alone = [code for code in visible.options if question.option_by_code[code].exclusive]
    if alone and len(visible.options) > 1:
        label = in_language(question.option_by_code[alone[0]].label, language)
        return [_("„%(label)s“ passt nicht zu anderen Antworten. Bitte wählen Sie noch einmal.") % {"label": label}]
    count = len(visible.options)
    if question.least is not None and count < question.least and not alone:
        least = int(question.least)
        said = ngettext(
            "Bitte wählen Sie mindestens eine Antwort aus.", "Bitte wählen Sie mindestens %(n)d Antworten aus.", least
        )
        return [said % {"n": least}]
    if question.most is not None and count > question.most:
        most = int(question.most)
        said = ngettext(
            "Bitte wählen Sie höchstens eine Antwort aus.", "Bitte wählen Sie höchstens %(n)d Antworten aus.", most
        )
        return [said % {"n": most}]
    return []


def _beside_rules(question: Question, visible: Given, language: str) -> list[str]:
    for code in visible.options:
        option = question.option_by_code[code]
        if option.other and len(visible.others.get(code, "")) > MOST_BESIDE:
            label = in_language(option.label, language)
            return [_("Der Text zu „%(label)s“ ist zu lang. Möglich sind %(n)d Zeichen.") % {"label": label, "n": MOST_BESIDE}]  # fmt: skip
    return []


def sent_values(question: Question, given: Given) -> Mapping[str, list[str]]:
    """The other way round: the fields of a form that would send this answer."""
    name = f"q-{question.code}"
    found: dict[str, list[str]] = {}
    if given.missing is Missing.NO_ANSWER:
        found = {f"m-{question.code}": [given.missing.value]}
        if question.kind in ONE_OPTION:
            found[name] = [NO_ANSWER]
    if question.kind is Kind.RANKING:
        found.update({f"r-{question.code}-{code}": [str(place)] for place, code in enumerate(given.options, start=1)})
    elif given.options:
        found[name] = list(given.options)
    found.update({f"{name}-{item}": list(codes) for item, codes in given.items.items()})
    found.update({f"w-{question.code}-{code}": [text] for code, text in given.others.items()})
    if given.number is not None:
        found[name] = [f"{given.number:f}".replace(".", ",")]
    elif given.date or given.text:
        found[name] = [str(given.date or given.text)]
    return found
