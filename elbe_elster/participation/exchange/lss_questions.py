"""One question of LimeSurvey becomes one or more of ours, or none, and always says what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from elbe_elster.participation.questionnaire.conditions import Answered
from elbe_elster.participation.questionnaire.document import Duty, Kind, Option, Question

from .assembling import Wish
from .lss_limits import limits
from .lss_reading import OTHER_CODE, Reading
from .lss_types import FIXED_ROWS, GENDER, GONE, NAMES, POINTS, YES_NO
from .meanings import Meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .assembling import Assembly
    from .comparing import Truth
    from .lss_names import Names
    from .lss_tables import Record, Structure

MOST_CELLS = 60  # of a grid whose cells become questions of their own


class QuestionReader(Reading):
    """Reads the questions of one structure into an assembly."""

    def __init__(self, structure: Structure, assembly: Assembly, names: Names) -> None:
        super().__init__(structure, assembly, names)
        self.by_type: dict[str, Callable[[Record, Question], None]] = {
            **dict.fromkeys("L!O", self._single),
            **dict.fromkeys("5", self._points),
            "Y": self._yes_no,
            "G": self._gender,
            **dict.fromkeys("MP", self._multiple),
            **dict.fromkeys("STU", self._text),
            **dict.fromkeys("QK", self._several),
            "N": self._number,
            "D": self._date,
            **dict.fromkeys("FHABCE", self._matrix),
            "1": self._two_scales,
            **dict.fromkeys(":;", self._grid),
            "R": self._ranking,
            "X": self._information,
        }

    def read(self, record: Record) -> bool:
        """Take one question. False when it is dropped."""
        kind, title = record["type"].strip(), record["title"].strip()
        if kind in GONE or self.value(record, "hidden") == "1":
            why = GONE.get(kind, "Verborgene Fragen gibt es im Portal nicht.")
            self.report.drop(title, NAMES.get(kind, "Frage"), why)
            self.names.learn(record, Meaning(title, gone=f"„{title}“ ist nicht übernommen."))
            return False
        self.assembly.counts.questions += 1
        self.assembly.counts.subquestions += len(self.structure.subquestions.get(record["qid"], []))
        self.assembly.counts.options += len(self.structure.answers.get(record["qid"], []))
        if kind not in self.by_type:
            self.report.change(
                title, f"Fragetyp „{kind}“", "Diesen Typ gibt es im Portal nicht. Er ist jetzt ein Hinweis."
            )
        self.by_type.get(kind, self._information)(record, self.plain_question(record))
        self.leave_over(record)
        return True

    # Types --------------------------------------------------------------------

    def _single(self, record: Record, plain: Question) -> None:
        options, known = self.assembly.options(record["title"], self.answers(record))
        options, known = self.with_other(record, options, known)
        question = self.add(record, replace(plain, kind=Kind.SINGLE, options=options))
        self.names.learn(record, _meaning(question, known))
        self.filters(record, question, {raw: code for raw, code in known.items() if raw != OTHER_CODE}, "option")
        if record["type"] == "O":
            self._comment(record, question)

    def _comment(self, record: Record, question: Question) -> None:
        label = {"de": "Möchten Sie etwas dazu sagen?", "en": "Would you like to add something?"}
        label = {name: text for name, text in label.items() if name in self.assembly.languages.of_document}
        code = self.assembly.question_code(f"{question.code}_comment", record["title"])
        self.assembly.add(Question(0, code, Kind.LONG_TEXT, label))
        part: list[Callable[[], Truth]] = [lambda: Answered(question.code)]
        self.assembly.wish(Wish("question", code, "", record["title"], "", part))
        self.assembly.counts.conditions -= 1  # made here, it does not stand in the file
        self.report.change(record["title"], "Kommentar", f"Der Kommentar ist jetzt die eigene Frage „{code}“.")
        self.names.learn(record, Meaning(code, Kind.LONG_TEXT), "comment")
        self.names.known.setdefault(f"{record['title']}comment", Meaning(code, Kind.LONG_TEXT))

    def _points(self, record: Record, plain: Question) -> None:
        options, known = _scale(POINTS[record["type"]])
        question = self.add(record, replace(plain, kind=Kind.SCALE, options=options))
        self.names.learn(record, _meaning(question, known))

    def _yes_no(self, record: Record, plain: Question) -> None:
        options, known = self.fixed(YES_NO)
        question = self.add(record, replace(plain, kind=Kind.YES_NO, options=options))
        self.names.learn(record, _meaning(question, known))

    def _gender(self, record: Record, plain: Question) -> None:
        options, known = self.fixed(GENDER)
        question = self.add(record, replace(plain, kind=Kind.SINGLE, options=options))
        self.names.learn(record, _meaning(question, known))
        words = "Vier Antworten statt zwei: weiblich, männlich, divers, keine Angabe."
        self.report.change(record["title"], "Geschlecht", words)

    def _multiple(self, record: Record, plain: Question) -> None:
        rows = self.sub(record)
        options, known = self.assembly.options(
            record["title"], [(row["title"].strip(), row.texts["question"]) for row in rows]
        )
        if not rows:
            self.report.change(
                record["title"], "Antworten", "In der Datei stehen keine Antworten dazu. Bitte ergänzen Sie sie."
            )
        alone = {part.strip() for part in self.value(record, "exclude_all_others").replace(",", ";").split(";")}
        alone_codes = {known[raw] for raw in alone if raw in known}
        beside = record["type"] == "P"
        options = tuple(replace(option, exclusive=option.code in alone_codes, other=beside) for option in options)
        if beside:
            options = tuple(replace(option, number=place) for place, option in enumerate(options, start=1))
            self.report.change(
                record["title"], "Kommentare", "Neben jeder Antwort steht jetzt ein Feld für eigenen Text."
            )
        options, known = self.with_other(record, options, known)
        question = replace(plain, kind=Kind.MULTIPLE, options=options)
        question = self.add(record, limits(question, record, self.value, self.report))
        whole = _meaning(question, known)
        self.names.learn(record, whole)
        self._boxes(record, rows, whole)
        self.filters(record, question, {raw: code for raw, code in known.items() if raw != OTHER_CODE}, "option")
        self.sub_relevance(question, rows, known, "option")

    def _boxes(self, record: Record, rows: list[Record], whole: Meaning) -> None:
        for row in rows:
            raw = row["title"].strip()
            box = replace(whole, option=whole.options[raw])
            self.names.learn(record, box, raw, sub_id=row["qid"])
            self.names.learn(record, replace(box, beside=True), f"{raw}comment")
        if OTHER_CODE in whole.options:
            self.names.learn(record, replace(whole, option=whole.options[OTHER_CODE], beside=True), "other")

    def _text(self, record: Record, plain: Question) -> None:
        kind = Kind.SHORT_TEXT if record["type"] == "S" else Kind.LONG_TEXT
        if record["type"] == "S" and self.value(record, "numbers_only") == "1":
            self._number(record, plain)
            return
        question = limits(replace(plain, kind=kind), record, self.value, self.report)
        question = self.add(record, question)
        self.names.learn(record, Meaning(question.code, kind))

    def _number(self, record: Record, plain: Question) -> None:
        question = replace(plain, kind=Kind.NUMBER, unit=self.unit(record), places=self._places(record))
        question = self.add(record, limits(question, record, self.value, self.report))
        self.names.learn(record, Meaning(question.code, Kind.NUMBER))

    def _places(self, record: Record) -> int:
        return 0 if self.value(record, "num_value_int_only") == "1" else 2

    def _date(self, record: Record, plain: Question) -> None:
        question = limits(replace(plain, kind=Kind.DATE), record, self.value, self.report)
        question = self.add(record, question)
        self.names.learn(record, Meaning(question.code, Kind.DATE))

    def _several(self, record: Record, plain: Question) -> None:
        """Several short texts or numbers: each becomes a question."""
        kind = Kind.SHORT_TEXT if record["type"] == "Q" else Kind.NUMBER
        rows = self.sub(record)
        for row in rows:
            raw = row["title"].strip()
            label = self.joined(plain.label, row.texts["question"], record["title"])
            part = replace(plain, kind=kind, label=label, shuffle=False)
            if kind is Kind.NUMBER:
                part = replace(part, unit=self.unit(record), places=self._places(record))
            part = limits(part, record, self.value, self.report)
            question = self.add(record, part, f"{record['title']}_{raw}")
            self.names.learn(record, Meaning(question.code, kind), raw, sub_id=row["qid"])
        what = "Zahlenfelder" if kind is Kind.NUMBER else "Textfelder"
        self.report.change(record["title"], what, f"Jedes der {len(rows)} Felder ist jetzt eine eigene Frage.")
        self.names.learn(record, Meaning(record["title"], gone=f"„{record['title']}“ ist jetzt auf Fragen verteilt."))

    def _matrix(self, record: Record, plain: Question) -> None:
        kind = record["type"]
        if kind in FIXED_ROWS:
            options, known = self.fixed(FIXED_ROWS[kind])
        elif kind in POINTS:
            options, known = _scale(POINTS[kind])
        else:
            options, known = self.assembly.options(record["title"], self.answers(record))
        if kind == "H":
            self.report.change(
                record["title"], "Matrix nach Spalten", "Zeilen und Spalten sind vertauscht dargestellt."
            )
        self._one_matrix(record, replace(plain, options=options), known, "")

    def _one_matrix(self, record: Record, plain: Question, known: dict[str, str], scale: str) -> None:
        rows = self.sub(record)
        if not rows:
            self.report.change(
                record["title"], "Zeilen", "In der Datei stehen keine Zeilen dazu. Bitte ergänzen Sie sie."
            )
        items, row_codes = self.assembly.items(
            record["title"], [(row["title"].strip(), row.texts["question"]) for row in rows]
        )
        raw = f"{record['title']}_{scale}" if scale else ""
        question = self.add(record, replace(plain, kind=Kind.MATRIX_SINGLE, items=items, shuffle=False), raw)
        if plain.shuffle:
            self.report.drop(record["title"], "Zufällige Reihenfolge", "Zeilen einer Matrix behalten ihre Reihenfolge.")
        whole = _meaning(question, known)
        for row in rows:
            sub = row["title"].strip()
            meaning = replace(whole, item=row_codes[sub])
            suffix, glued = (f"{sub}_{scale}", f"{sub}#{scale}") if scale else (sub, sub)
            self.names.learn(record, meaning, suffix, glued=glued, sub_id="" if scale else row["qid"])
        self.filters(record, question, row_codes, "item")
        self.sub_relevance(question, rows, row_codes, "item")

    def _two_scales(self, record: Record, plain: Question) -> None:
        for scale, header in (("0", "dualscale_headerA"), ("1", "dualscale_headerB")):
            options, known = self.assembly.options(record["title"], self.answers(record, int(scale)))
            label = self.joined(plain.label, self.texts(record, header), record["title"])
            self._one_matrix(record, replace(plain, label=label, options=options), known, scale)
        self.report.change(record["title"], "Zwei Skalen", "Jede Skala ist jetzt eine eigene Tabelle.")

    def _grid(self, record: Record, plain: Question) -> None:
        """Numbers or texts in every cell; with boxes in the cells it is a matrix of ours."""
        if record["type"] == ":" and self.value(record, "multiflexible_checkbox") == "1":
            self._box_grid(record, plain)
            return
        rows, columns = self.sub(record), self.sub(record, 1)
        title, cells = record["title"].strip(), len(rows) * len(columns)
        if not cells or cells > MOST_CELLS:
            self.report.drop(title, NAMES[record["type"]], f"{cells} Felder: Das lässt sich nicht in Fragen auflösen.")
            self.names.learn(record, Meaning(title, gone=f"„{title}“ ist nicht übernommen."))
            self.assembly.counts.questions -= 1
            return
        kind = Kind.NUMBER if record["type"] == ":" else Kind.SHORT_TEXT
        for row in rows:
            for column in columns:
                label = self.joined(
                    self.joined(plain.label, row.texts["question"], title), column.texts["question"], title
                )
                part = replace(plain, kind=kind, label=label, shuffle=False, places=0)
                cell = f"{row['title'].strip()}_{column['title'].strip()}"
                question = self.add(record, limits(part, record, self.value, self.report), f"{title}_{cell}")
                self.names.learn(record, Meaning(question.code, kind), cell)
        self.report.change(title, NAMES[record["type"]], f"Jedes der {cells} Felder ist jetzt eine eigene Frage.")

    def _box_grid(self, record: Record, plain: Question) -> None:
        columns, rows = self.sub(record, 1), self.sub(record)
        title = record["title"].strip()
        options, known = self.assembly.options(
            title, [(row["title"].strip(), row.texts["question"]) for row in columns]
        )
        items, row_codes = self.assembly.items(title, [(row["title"].strip(), row.texts["question"]) for row in rows])
        question = self.add(
            record, replace(plain, kind=Kind.MATRIX_MULTIPLE, options=options, items=items, shuffle=False)
        )
        whole = _meaning(question, known)
        for raw, item in row_codes.items():
            for column, option in known.items():
                self.names.learn(record, replace(whole, item=item, option=option), f"{raw}_{column}")
        self.filters(record, question, row_codes, "item")
        self.sub_relevance(question, rows, row_codes, "item")

    def _ranking(self, record: Record, plain: Question) -> None:
        if self.structure.answers.get(record["qid"]):
            rows = self.answers(record)
        else:
            rows = [(row["title"].strip(), row.texts["question"]) for row in self.sub(record)]
        options, known = self.assembly.options(record["title"], rows)
        question = limits(replace(plain, kind=Kind.RANKING, options=options), record, self.value, self.report)
        question = self.add(record, question)
        self.names.learn(record, _meaning(question, known))
        for place in range(1, len(options) + 1):
            gone = "Welchen Platz etwas in einer Rangfolge hat, lässt sich hier nicht abfragen."
            self.names.learn(record, Meaning(question.code, gone=gone), str(place))
        self.filters(record, question, known, "option")

    def _information(self, record: Record, plain: Question) -> None:
        question = self.add(record, replace(plain, kind=Kind.INFORMATION, duty=Duty.FREE, shuffle=False))
        self.names.learn(record, Meaning(question.code, gone=f"„{record['title']}“ ist nur ein Hinweis."))


def _meaning(question: Question, known: Mapping[str, str]) -> Meaning:
    numbers = {option.code: option.number for option in question.options}
    return Meaning(
        question.code, question.kind, known, {raw: numbers[code] for raw, code in known.items() if code in numbers}
    )


def _scale(points: int) -> tuple[tuple[Option, ...], dict[str, str]]:
    codes = [str(number) for number in range(1, points + 1)]
    return tuple(Option(code, int(code), {"de": code}) for code in codes), {code: code for code in codes}
