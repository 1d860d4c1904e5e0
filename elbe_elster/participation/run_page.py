"""What the staff pages say about a draft: what stands against it, what may go wrong, what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from elbe_elster.participation.actions.running import (
    SurveyRefusedError,
    against_publishing,
    readable_draft,
    stamp_of,
)
from elbe_elster.participation.breakdowns import prospects
from elbe_elster.participation.building.pages import address
from elbe_elster.participation.languages import COLUMNS
from elbe_elster.participation.models import Access
from elbe_elster.participation.questionnaire.changes import breaks, changes
from elbe_elster.participation.questionnaire.document import to_json
from elbe_elster.participation.readiness import Obstacle
from elbe_elster.participation.reading import questionnaire_of
from elbe_elster.participation.survival import MANY
from elbe_elster.participation.warnings import Hint, Topic, hints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from elbe_elster.participation.models import Survey
    from elbe_elster.participation.questionnaire.changes import Change
    from elbe_elster.participation.questionnaire.document import Questionnaire, Texts

AROUND = ("title", "summary", "purpose", "thanks", "contact_text")


@dataclass(frozen=True)
class Judgement:
    """What is to be said about the draft. ``obstacles`` and ``hints`` are pairs of a sentence and an address."""

    questionnaire: Questionnaire | None
    stamp: str
    obstacles: list[tuple[str, str]]
    hints: list[tuple[str, str]]
    changes: list[Change]
    breaks: list[str]
    differs: bool


def judged(survey: Survey) -> Judgement:
    """Look at the draft as it stands now."""
    try:
        draft = readable_draft(survey)
    except SurveyRefusedError as error:
        there = place(survey)
        return Judgement(None, "", [(text, there) for text in error.messages], [], [], [], differs=False)
    found = [(one.text, place(survey, one)) for one in against_publishing(survey, draft)]
    before = questionnaire_of(survey.current) if survey.current else None
    return Judgement(
        questionnaire=draft,
        stamp=stamp_of(survey, draft),
        obstacles=found,
        hints=placed_hints(survey, draft),
        changes=changes(before, draft) if before else [],
        breaks=breaks(before, draft) if before else [],
        differs=before is not None and to_json(before) != to_json(draft),
    )


def placed_hints(survey: Survey, draft: Questionnaire) -> list[tuple[str, str]]:
    """Every warning about a survey, with the address at which it is mended."""
    return [(hint.text, place(survey, hint)) for hint in hints_of(survey, draft)]


def hints_of(survey: Survey, draft: Questionnaire) -> list[Hint]:
    """Every warning about a survey."""
    return [
        *hints(draft, minutes=survey.minutes, around=_texts_around(survey)),
        *_about_groups(survey, draft),
        *_about_access(survey),
    ]


def _about_access(survey: Survey) -> Iterator[Hint]:
    """Doors that nobody could pass, and forms that do not say what they are for."""
    if survey.access == Access.CODES and not survey.code_lots.exists():
        yield Hint(Topic.CODES, _("Antworten darf nur, wer einen Zugangscode hat. Es gibt noch keine Codes."))
    if survey.contact_wish and not survey.contact_text:
        yield Hint(Topic.CONTACT, _("Nach dem Absenden wird nach einem Kontakt gefragt. Noch steht nicht da, wofür."))


def _about_groups(survey: Survey, draft: Questionnaire) -> Iterator[Hint]:
    """Cross tables that will not survive at the expected number of responses."""
    found = prospects(survey, draft)
    if found and not survey.expected_responses:
        text = _("Wie viele Antworten erwarten Sie? Sonst kann niemand sagen, welche Gruppen groß genug werden.")
        yield Hint(Topic.GROUPS, text)
        return
    for breakdown, prospect in found:
        if prospect and prospect.lost:
            words = {"name": breakdown.label, "lost": len(prospect.lost), "all": len(prospect.rows)}
            text = _("Gliederung „%(name)s“: %(lost)s von %(all)s Gruppen bekommen wohl weniger als 10 Antworten.")
            yield Hint(Topic.GROUPS, text % words)
        elif prospect and prospect.hidden > MANY:
            words = {"name": breakdown.label, "percent": prospect.percent_hidden}
            text = _("Gliederung „%(name)s“: Mindestens %(percent)s %% der Zellen bleiben wohl verborgen.")
            yield Hint(Topic.GROUPS, text % words)


def _texts_around(survey: Survey) -> Iterator[Texts]:
    for name in AROUND:
        if name != "contact_text" or survey.contact_wish:
            yield {language: getattr(survey, f"{name}_{column}") or "" for language, column in COLUMNS.items()}


def place(survey: Survey, about: Obstacle | Hint | None = None) -> str:
    """The address at which it is mended."""
    if about is not None and not isinstance(about, Obstacle):
        if about.topic is Topic.TRANSLATION:
            return address("survey-translations", survey.slug) or address("survey-structure", survey.slug)
        if about.topic is Topic.GROUPS:
            return address("survey-breakdowns", survey.slug)
        if about.topic is Topic.CODES:
            return address("survey-codes", survey.slug)
        if about.topic is Topic.CONTACT:
            return f"{address('survey-settings', survey.slug)}#id_contact_text_de"
    anchor = ""
    if about is not None and about.question:
        anchor = f"#frage-{about.question}"
    elif about is not None and about.page:
        anchor = f"#teil-{about.page}"
    return f"{reverse('participation:survey-structure', args=[survey.slug])}{anchor}"
