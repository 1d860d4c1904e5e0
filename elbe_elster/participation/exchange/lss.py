"""LimeSurvey in: ``.lss`` of both layouts, the ``.lss`` inside of a ``.lsa``, and single groups and questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .assembling import LONGEST_TITLE, Assembly, Wish
from .files import ZIP, read_xml, structure_of_archive
from .languages import choose_languages
from .lss_names import ALWAYS, Names
from .lss_questions import QuestionReader
from .lss_tables import INHERITED, read_structure
from .lss_types import NAMES
from .reports import LossReport

if TYPE_CHECKING:
    from .lss_tables import Record, Structure
    from .reports import BroughtSurvey

PERSONAL = ("_tokens", "_responses", "_timings")
DESIGN = ("Gestaltung", "Sie ist die des Portals.")
GONE_TABLES = {
    "assessments": ("Bewertungen", "Bewertungen mit Punkten gibt es im Portal nicht."),
    "survey_url_parameters": (
        "Werte aus der Adresse",
        "Das Portal nimmt sie nicht an: Sie könnten Menschen verraten.",
    ),
    "plugin_settings": ("Erweiterungen", "Ihre Einstellungen haben im Portal keine Entsprechung."),
    "themes": DESIGN,
    "themes_inherited": DESIGN,
}
SHOWN_SETTINGS = ("format", "anonymized", "allowsave", "allowprev", "showprogress", "showwelcome", "publicstatistics")


def read_lss(content: bytes) -> BroughtSurvey:
    """The questionnaire of a file. Raises UnreadableError."""
    left_alone: list[str] = []
    if content.startswith(ZIP):
        content, left_alone = structure_of_archive(content)
    structure = read_structure(read_xml(content))
    report = LossReport()
    if left_alone:
        words = "Antworten, Teilnehmende und Zeiten bleiben in der Datei: Das Portal liest sie nicht."
        report.drop("", "Archiv", f"{words} Nicht gelesen: {len(left_alone)} Dateien.")
    return _Reader(structure, report).brought()


class _Reader:
    """Reads one structure from top to bottom."""

    def __init__(self, structure: Structure, report: LossReport) -> None:
        self.structure = structure
        self.report = report
        self.languages = choose_languages(structure.base, structure.languages, report)
        self.assembly = Assembly(self.languages, report, html=True)
        self.names = Names(structure)
        self.questions = QuestionReader(structure, self.assembly, self.names)

    def brought(self) -> BroughtSurvey:
        """The survey with its questionnaire."""
        self._settings()
        groups = {record["gid"]: record for record in self.structure.groups}
        for group in groups.values():
            self._group(group, [q for q in self.structure.questions if q["gid"] == group["gid"]])
        lost = [question for question in self.structure.questions if question["gid"] not in groups]
        if lost:
            self.assembly.open_page("", {}, {}, "")
            for question in lost:
                self._question(question)
        for words in self.structure.orphans:
            self.report.change("", "Verwaiste Zeilen", f"{words}: Wozu sie gehören, fehlt in der Datei.")
        self._around()
        title = self._survey_texts("surveyls_title")
        name = self.assembly.line("", title, LONGEST_TITLE, "Titel", self._untitled())
        purpose = self.assembly.long(
            "", self._survey_texts("surveyls_description"), self._survey_texts("surveyls_welcometext")
        )
        thanks = self.assembly.long("", self._survey_texts("surveyls_endtext"))
        return self.assembly.finished(name, purpose, thanks, self.structure.in_words)

    def _untitled(self) -> str:
        return "Übernommene Umfrage" if self.structure.kind == "Survey" else "Übernommene Fragen"

    def _survey_texts(self, column: str) -> dict[str, str]:
        return {language: row.get(column, "") for language, row in self.structure.settings.items()}

    def _group(self, group: Record, questions: list[Record]) -> None:
        source = group.texts["group_name"].get(self.structure.base, "") or group["gid"]
        number = len(self.assembly.pages) + 1
        page = self.assembly.open_page(
            f"teil{number}", group.texts["group_name"], group.texts["description"], source[:60]
        )
        if group["randomization_group"].strip():
            self.report.drop(source[:60], "Teil", "Zufällige Reihenfolge von Teilen gibt es im Portal nicht.")
        relevance = group["grelevance"]
        if relevance.strip().lower() not in ALWAYS:
            part = [lambda: self.names.relevance(relevance)]
            self.assembly.wish(Wish("page", page.code, "", source[:60], _quoted(relevance), part))
        for question in questions:
            self._question(question)

    def _question(self, question: Record) -> None:
        if self.questions.read(question):
            self.report.keep(question["title"], "Frage", NAMES.get(question["type"], ""))

    # Around the questions -----------------------------------------------------

    def _settings(self) -> None:
        survey, report = self.structure.survey, self.report
        inherited = [name for name in SHOWN_SETTINGS if survey.get(name) in INHERITED]
        if inherited:
            words = "Diese Einstellungen kamen aus der Umfragegruppe; es gelten die des Portals"
            report.change("", "Einstellungen", f"{words}: {', '.join(inherited)}.")
        if survey.get("format") == "A":
            report.change("", "Einstellungen", "Alles stand auf einer Seite. Im Portal ist jede Gruppe ein Teil.")
        elif survey.get("format") == "S":
            report.change("", "Einstellungen", "Jede Frage stand für sich. Im Portal ist jede Gruppe ein Teil.")
        if survey.get("startdate") or survey.get("expires"):
            report.drop("", "Zeiten", "Beginn und Ende legen Sie beim Veröffentlichen neu fest.")
        if survey.get("usetokens") == "Y" or survey.get("access_mode") == "C":
            report.drop(
                "", "Zugangsschlüssel", "Teilnehmende kommen nicht mit. Zugangscodes geben Sie im Portal neu aus."
            )
        if survey.get("anonymized") == "N" or "Y" in (
            survey.get("ipaddr"),
            survey.get("savetimings"),
            survey.get("refurl"),
        ):
            words = (
                "Adressen, Zeiten und Personen wurden mit den Antworten gespeichert. Das Portal speichert sie nicht."
            )
            report.change("", "Datenschutz", words)

    def _around(self) -> None:
        """What stands beside the questions and has no counterpart."""
        report, tables = self.report, self.structure.tables
        self._quotas()
        for table, (what, why) in GONE_TABLES.items():
            if tables.get(table) or table in self.structure.sections:
                report.drop("", what, why)
        if tables.get("defaultvalues"):
            titles = {record["qid"]: record["title"] for record in self.structure.questions}
            for qid in dict.fromkeys(row.get("qid", "") for row in tables["defaultvalues"]):
                report.drop(titles.get(qid, qid), "Vorgabe", "Vorausgefüllte Antworten gibt es nicht: Sie lenken.")
        for row in self.structure.settings.values():
            if row.get("surveyls_policy_notice", "").strip():
                words = "Der Text zum Datenschutz ist nicht übernommen. Das Portal zeigt seinen eigenen."
                report.drop("", "Datenschutz", words)
            if row.get("surveyls_url", "").strip():
                report.drop("", "Adresse am Ende", "Nach dem Absenden bleibt man im Portal.")
        if any(record.texts.get("script") for record in self.structure.questions):
            report.drop("", "Skripte", "Skripte an Fragen sind nicht übernommen.")

    def _quotas(self) -> None:
        quotas = self.structure.tables.get("quota", [])
        self.assembly.counts.quotas = len(quotas)
        for row in quotas:
            name = row.get("name", "")[:60]
            if row.get("qlimit", "").strip() == "0":
                words = (
                    "Sie beendete die Umfrage für bestimmte Antworten. Im Portal geht das mit Bedingungen an Teilen."
                )
            else:
                words = f"Grenze {row.get('qlimit', '')[:12]}: Das Portal begrenzt nicht, wie viele antworten."
            report_name = name or row.get("id", "")
            self.report.drop(report_name, "Quote", words)


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"„{line if len(line) <= 160 else line[:159] + '…'}“: "  # noqa: PLR2004 - enough to recognise it
