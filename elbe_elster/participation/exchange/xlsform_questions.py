"""One row of the sheet survey becomes a question; rows that form a grid become one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from elbe_elster.participation.questionnaire.document import Duty, Kind, Option, Question

from .assembling import LONGEST_OPTION, LONGEST_UNIT, numbered
from .lss_limits import as_decimal, with_bounds
from .lss_types import OTHER
from .meanings import Meaning
from .parsing import ExpressionError, has_curly_quotes
from .xlsform_rules import Rule, read_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .assembling import Assembly
    from .comparing import Truth
    from .xlsform_sheets import Form, Line
    from .xlsform_types import FormType

    Part = Callable[[], Truth]
    Typed = tuple[Line, FormType]
    WishFor = Callable[[str, str, str, Line, list[Part]], None]

YES = {"yes", "true", "true()", "1", "ja", "wahr", "y", "x"}
NO = {"", "no", "false", "false()", "0", "nein", "falsch", "n"}
MOST_POINTS = 11  # of a range that becomes a scale
PORTAL_KINDS = {"scale": Kind.SCALE, "yes_no": Kind.YES_NO, "municipality": Kind.MUNICIPALITY}
NAMES = {
    "one": "Einfachauswahl",
    "many": "Mehrfachauswahl",
    "rank": "Rangfolge",
    "text": "Text",
    "integer": "Zahl",
    "decimal": "Zahl",
    "date": "Datum",
    "datetime": "Datum",
    "time": "Text",
    "note": "Hinweis",
    "acknowledge": "Bestätigung",
    "range": "Spanne",
}
UNSUPPORTED = {
    "default": ("Vorgabe", "Vorausgefüllte Antworten gibt es nicht: Sie lenken."),
    "choice_filter": ("Filter der Antworten", "Alle Antworten der Liste stehen jetzt da."),
    "calculation": ("Berechnung", "Berechnungen gibt es im Portal nicht."),
    "trigger": ("Auslöser", "Auslöser gibt es im Portal nicht."),
    "read_only": ("Nur lesen", "Gesperrte Felder gibt es im Portal nicht."),
    "autoplay": ("Abspielen", "Töne und Filme gibt es im Portal nicht."),
}
MEDIA = ("image", "audio", "video")
OWN_FILTER = "portal_retired != 'yes'"  # of files the portal wrote


class LineReader:
    """Reads rows into an assembly and remembers what their names mean."""

    def __init__(self, form: Form, assembly: Assembly, names: dict[str, Meaning], wish: WishFor) -> None:
        self.form = form
        self.assembly = assembly
        self.report = assembly.report
        self.names = names
        self.wish = wish
        self.used_choices: list[Line] = []
        self.used_lists: set[str] = set()

    def read_all(self, rows: list[Typed], outer: list[Part], table: Line | None = None) -> None:
        """Read rows in order; grids are recognised here. ``table`` is the group that says its lists form one."""
        rows = [(line, kind) for line, kind in rows if not _is_yes(line["portal_part"])]
        place = 0
        while place < len(rows):
            length = self._grid_length(rows, place, always=table is not None)
            if length:
                self._grid(rows[place : place + length], outer, table)
                place += length
            else:
                self._read(*rows[place], outer)
                place += 1

    # Grids --------------------------------------------------------------------

    def _grid_length(self, rows: list[Typed], start: int, *, always: bool) -> int:
        """How many rows from here form a grid; 0 for none."""
        line, kind = rows[start]
        if kind.what not in {"one", "many"} or kind.list_name.startswith("${"):
            return 0
        if not always and not _looks(line, "label", "list-nolabel"):
            return 0
        length = 1
        while start + length < len(rows):
            other, other_kind = rows[start + length]
            fits = (other_kind.what, other_kind.list_name) == (kind.what, kind.list_name)
            if not fits or not (always or _looks(other, "list-nolabel")):
                break
            length += 1
        is_header = _looks(line, "label") and not _looks(line, "list-nolabel")
        return length if not (is_header and length == 1) else 0

    def _grid(self, rows: list[Typed], outer: list[Part], table: Line | None) -> None:
        first, kind = rows[0]
        header = first if _looks(first, "label") and not _looks(first, "list-nolabel") else None
        lines = [line for line, _kind in (rows[1:] if header else rows)]
        head = header or table or first
        source = head["name"].strip()
        if header:
            label, rest = self.assembly.question_texts(source, header.text("label"), header.text("hint"), source)
        elif table:
            label, rest = self.assembly.question_texts(source, table.text("label"), table.text("hint"), source)
        else:
            label, rest = {"de": "Bitte antworten Sie in jeder Zeile."}, {}
        options, known, _kind = self._options(first, kind)
        items, row_codes = self.assembly.items(source, [(_item_code(line), line.text("label")) for line in lines])
        code = self._code(head, "tabelle")
        question = Question(
            0,
            code,
            Kind.MATRIX_SINGLE if kind.what == "one" else Kind.MATRIX_MULTIPLE,
            label,
            rest,
            duty=max((self._duty(line) for line in (*lines, head)), key=[Duty.FREE, Duty.SOFT, Duty.HARD].index),
            no_answer=_is_yes(head["portal_no_answer"]),
            options=options,
            items=items,
        )
        self.assembly.add(question)
        self.assembly.counts.questions += 1
        self.assembly.counts.subquestions += len(items)
        self.wish("question", code, "", header or _blank(head), outer)
        self._wish_for_options(question, kind)
        for line in lines:
            item = row_codes[_item_code(line)]
            self.wish("item", code, item, line, [])
            self.names.setdefault(line["name"].strip(), Meaning(code, question.kind, known, item=item))
            self._unsupported(line)
        if header:
            self.names.setdefault(source, Meaning(code, gone=f"„{source}“ ist nur die Kopfzeile einer Tabelle."))
        self.report.keep(source, "Frage", f"Tabelle mit {len(items)} Zeilen, {head.place()}")

    # Single rows --------------------------------------------------------------

    def _read(self, line: Line, kind: FormType, outer: list[Part]) -> None:
        name = line["name"].strip()
        if kind.what in {"gone", "unknown"} or kind.list_name.startswith("${"):
            why = kind.detail or "Antworten aus früheren Antworten gibt es im Portal nicht."
            self.report.drop(name, line["type"][:60], f"{line.place('type')}: {why}")
            self.names.setdefault(name, Meaning(name, gone=f"„{name}“ ist nicht übernommen."))
            return
        if line["appearance"].casefold() == "hidden":
            self.report.drop(name, "Frage", f"{line.place('appearance')}: Verborgene Fragen gibt es im Portal nicht.")
            self.names.setdefault(name, Meaning(name, gone=f"„{name}“ ist nicht übernommen."))
            return
        code = self._code(line, "frage")
        label, rest = self._texts(line, name or code)
        plain = Question(0, code, Kind.INFORMATION, label, rest, duty=self._duty(line))
        plain = replace(plain, no_answer=_is_yes(line["portal_no_answer"]))
        if "randomize=true" in line["parameters"].replace(" ", "").casefold():
            plain = replace(plain, shuffle=True)
        question, known = self._typed(line, kind, plain)
        question = self._ruled(line, question, known)
        self.assembly.add(question)
        self.assembly.counts.questions += 1
        numbers = {option.code: option.number for option in question.options}
        meaning = Meaning(code, question.kind, known, {raw: numbers[option] for raw, option in known.items()})
        if question.kind is Kind.INFORMATION:
            meaning = Meaning(code, gone=f"„{name}“ ist nur ein Hinweis.")
        if name in self.names:
            self.report.change(name, "Name", f"{line.place('name')}: Der Name „{name}“ kommt doppelt vor.")
        self.names.setdefault(name, meaning)
        self.wish("question", code, "", line, outer)
        self._wish_for_options(question, kind)
        self._unsupported(line)
        self.report.keep(name or code, "Frage", f"{NAMES[kind.what]}, {line.place()}")

    def _texts(self, line: Line, name: str) -> tuple[dict[str, str], dict[str, str]]:
        label = line.text("label") or line.text("hint")
        hint = line.text("hint") if line.text("label") else {}
        label, rest = self.assembly.question_texts(name, label, hint, name)
        for language, text in self.assembly.long(name, line.text("guidance_hint")).items():
            rest[language] = "\n\n".join(filter(None, (rest.get(language, ""), text)))
        return label, rest

    def _code(self, line: Line, instead: str) -> str:
        name = line["name"].strip()
        if not name:
            words = f"{line.place('name')}: Der Name fehlt; die Frage hat ein Kürzel bekommen."
            self.report.change("", "Name", words)
        return self.assembly.question_code(name or instead, name)

    def _duty(self, line: Line) -> Duty:
        text = line["required"].strip().casefold()
        if line["portal_duty"].strip().casefold() == "soft":
            return Duty.SOFT
        if text in NO:
            return Duty.FREE
        if text not in YES:
            words = f"{line.place('required')}: Die Pflicht hing von einer Bedingung ab und gilt jetzt immer."
            self.report.change(line["name"], "Pflicht", words)
        return Duty.HARD

    def _typed(  # noqa: PLR0911 -- one for each type
        self, line: Line, kind: FormType, plain: Question
    ) -> tuple[Question, dict[str, str]]:
        """The question of its type, and which code of the file is which option."""
        if kind.what in {"one", "many", "rank"}:
            options, known, chosen = self._options(line, kind)
            return replace(plain, kind=chosen, options=options), known
        if kind.what == "range":
            return self._range(line, plain)
        if kind.what == "acknowledge":
            option = Option("ok", 1, {"de": "Gelesen und verstanden", "en": "Read and understood"})
            label = {name: text for name, text in option.label.items() if name in self.assembly.languages.of_document}
            self.report.change(line["name"], "Bestätigung", f"{line.place('type')}: Jetzt ein Kästchen zum Ankreuzen.")
            return replace(plain, kind=Kind.MULTIPLE, options=(replace(option, label=label),)), {"OK": "ok"}
        if kind.what in {"integer", "decimal"}:
            places = as_decimal(line["portal_places"]) or Decimal(0 if kind.what == "integer" else 2)
            unit = self.assembly.line(line["name"], line.text("unit"), LONGEST_UNIT, "Einheit")
            return replace(plain, kind=Kind.NUMBER, places=min(4, int(places)), unit=unit), {}
        if kind.what in {"datetime", "time"}:
            what = "Nur der Tag, ohne Uhrzeit." if kind.what == "datetime" else "Die Uhrzeit ist jetzt ein kurzer Text."
            self.report.change(line["name"], "Zeit", f"{line.place('type')}: {what}")
        if kind.what in {"date", "datetime"}:
            return replace(plain, kind=Kind.DATE), {}
        if kind.what == "note":
            return replace(plain, duty=Duty.FREE), {}
        long = "multiline" in line["appearance"].casefold()
        if "numbers" in line["appearance"].casefold():
            self.report.change(line["name"], "Text", f"{line.place('appearance')}: Nimmt jetzt jeden Text an.")
        return replace(plain, kind=Kind.LONG_TEXT if long else Kind.SHORT_TEXT), {}

    def _options(self, line: Line, kind: FormType) -> tuple[tuple[Option, ...], dict[str, str], Kind]:
        """The choices of a row, and the kind of question they make."""
        name = line["name"]
        rows = self._rows(kind)
        if not rows:
            words = f"{line.place('type')}: Die Liste „{kind.list_name[:60]}“ gibt es im Blatt „choices“ nicht. Bitte ergänzen Sie die Antworten."
            self.report.change(name, "Antworten", words)
        self.used_choices += rows
        self.used_lists |= {row["list_name"].strip() for row in rows}
        options, known = self.assembly.options(name, [(row["name"].strip(), row.text("label")) for row in rows])
        options = tuple(self._detailed(option, row) for option, row in zip(options, rows, strict=False))
        if any(row.text(medium) for row in rows for medium in MEDIA):
            self.report.drop(name, "Bilder der Antworten", f"{rows[0].place()}: Bilder und Töne sind entfernt.")
        if kind.other and all(option.code != "other" for option in options):
            label = {language: OTHER[language] for language in self.assembly.languages.of_document}
            options = numbered([*options, Option("other", len(options) + 1, label, other=True)])
            known = {**known, "other": "other"}
        if kind.what == "rank":
            return options, known, Kind.RANKING
        if kind.what == "many":
            return options, known, Kind.MULTIPLE
        said = PORTAL_KINDS.get(line["portal_kind"].strip())
        return options, known, said or (Kind.SCALE if _looks(line, "likert") else Kind.SINGLE)

    def _rows(self, kind: FormType) -> list[Line]:
        folded = {name.casefold(): lines for name, lines in reversed(self.form.choices.items())}
        return self.form.choices.get(kind.list_name) or folded.get(kind.list_name.casefold(), [])

    def _wish_for_options(self, question: Question, kind: FormType) -> None:
        """Conditions of options, which only our own files have."""
        for option, row in zip(question.options, self._rows(kind), strict=False):
            if row["portal_condition"]:
                line = replace(row, cells={**row.cells, "relevant": row["portal_condition"]})
                self.wish("option", question.code, option.code, line, [])

    def _detailed(self, option: Option, row: Line) -> Option:
        """What our own files say of an option beside its label."""
        number = as_decimal(row["portal_number"])
        return replace(
            option,
            number=int(number) if number and 0 < number < 32000 else option.number,  # noqa: PLR2004 - what a column holds
            help=self.assembly.line(row["name"], row.text("help"), LONGEST_OPTION, "Erläuterung"),
            other=_is_yes(row["portal_other"]),
            exclusive=_is_yes(row["portal_exclusive"]),
            retired=_is_yes(row["portal_retired"]),
        )

    def _range(self, line: Line, plain: Question) -> tuple[Question, dict[str, str]]:
        found = dict(part.split("=", 1) for part in line["parameters"].replace(";", " ").split() if "=" in part)
        start, end, step = (as_decimal(found.get(key, "")) for key in ("start", "end", "step"))
        start, end, step = (
            start if start is not None else Decimal(1),
            end if end is not None else Decimal(10),
            step or Decimal(1),
        )
        points = int((end - start) / step) + 1 if step > 0 and end >= start else 0
        whole = all(number == number.to_integral() for number in (start, step))
        if not 1 < points <= MOST_POINTS or not whole or start < 0:
            question = replace(plain, kind=Kind.NUMBER, places=0 if whole else 2)
            return with_bounds(question, start, end, line["name"], self.report), {}
        codes = [str(int(start + place * step)) for place in range(points)]
        options = numbered([Option(code, place, {"de": code}) for place, code in enumerate(codes, start=1)])
        return replace(plain, kind=Kind.SCALE, options=options), {code: code for code in codes}

    # Constraints and what is left ---------------------------------------------

    def _ruled(self, line: Line, question: Question, known: Mapping[str, str]) -> Question:
        text = line["constraint"]
        if not text.strip():
            return question
        name, where = line["name"], line.place("constraint")
        if has_curly_quotes(text):
            self.report.change(name, "Prüfung", f"{where}: Typografische Anführungszeichen sind als gerade gelesen.")
        try:
            rule = read_rule(text, question.kind, whole=question.kind is Kind.NUMBER and not question.places)
        except ExpressionError as error:
            self.report.drop(name, "Prüfung", f"{where}: „{text[:160]}“: {error}")
            return question
        if rule.left:
            self.report.drop(name, "Prüfung", f"{where}: „{text[:160]}“ lässt sich nicht (ganz) übernehmen.")
        if rule.loosened:
            self.report.change(name, "Grenze", f"{where}: Die Grenze selbst ist jetzt auch erlaubt.")
        return self._bounded(line, question, rule, known)

    def _bounded(self, line: Line, question: Question, rule: Rule, known: Mapping[str, str]) -> Question:
        alone = {known[code] for code in rule.alone if code in known}
        options = tuple(
            replace(option, exclusive=option.exclusive or option.code in alone) for option in question.options
        )
        question = replace(question, options=options)
        if rule.earliest and rule.latest and rule.earliest > rule.latest:
            self.report.drop(line["name"], "Grenzen", f"{line.place('constraint')}: Sie widersprechen sich.")
        elif rule.earliest or rule.latest:
            question = replace(question, earliest=rule.earliest, latest=rule.latest)
        return with_bounds(question, rule.least, rule.most, line["name"], self.report)

    def _unsupported(self, line: Line) -> None:
        for column, (what, why) in UNSUPPORTED.items():
            text = line[column].strip()
            if text.casefold() not in NO and text != OWN_FILTER:
                self.report.drop(line["name"], what, f"{line.place(column)}: {why}")
        if any(line.text(medium) for medium in MEDIA):
            self.report.drop(line["name"], "Bild oder Ton", f"{line.place()}: Bilder und Töne sind entfernt.")
        if line.text("constraint_message") or line.text("required_message"):
            self.report.drop(line["name"], "Meldung", f"{line.place()}: Meldungen schreibt das Portal selbst.")


def _item_code(line: Line) -> str:
    """The code of a row of a grid: our own files say it, others have the name."""
    return line["portal_code"].strip() or line["name"].strip()


def _looks(line: Line, *wanted: str) -> bool:
    return not set(line["appearance"].casefold().split()).isdisjoint(wanted)


def _is_yes(text: str) -> bool:
    return text.strip().casefold() in YES


def _blank(line: Line) -> Line:
    """The place of a group without its condition, which already stands around its rows."""
    return replace(line, cells={name: text for name, text in line.cells.items() if name != "relevant"})
