"""Questionnaires of others become drafts: looked at first, then written whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pghistory
from django.db import transaction
from django.utils.text import slugify

from elbe_elster.participation.actions.freezing import write_pages
from elbe_elster.participation.exchange.files import UnreadableError, kind_of
from elbe_elster.participation.exchange.lss import read_lss
from elbe_elster.participation.exchange.xlsform import read_xlsform
from elbe_elster.participation.languages import COLUMNS
from elbe_elster.participation.models import Survey, SurveyImport
from elbe_elster.search.actions import refresh_entries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elbe_elster.accounts.models import User
    from elbe_elster.participation.exchange.reports import BroughtSurvey

READERS = {"lss": read_lss, "xlsform": read_xlsform}
LONGEST_SLUG = 80
RESERVED = {"neu", "uebernahme", "papierkorb", "vorschau"}  # addresses of the desk itself


def read_survey(content: bytes, *, file_format: str | None = None) -> BroughtSurvey:
    """The questionnaire of a file; its format is recognised by its content. Raises UnreadableError.

    ``file_format`` (``lss`` or ``xlsform``) refuses a file of the other kind.
    """
    kind = kind_of(content)
    if file_format and kind != file_format:
        names = {"lss": "eine LimeSurvey-Struktur", "xlsform": "ein XLSForm"}
        raise UnreadableError(f"Die Datei ist {names[kind]}, nicht {names[file_format]}.")
    return READERS[kind](content)


@transaction.atomic
def import_survey(*, brought: BroughtSurvey, actor: User | None) -> Survey:
    """Write a questionnaire as a new draft. Everything or nothing. Without ``actor`` an operator of the portal asks."""
    texts = {"title": brought.title, "purpose": brought.purpose, "thanks": brought.thanks}
    columns = {
        f"{field}_{COLUMNS[language]}": text
        for field, by_language in texts.items()
        for language, text in by_language.items()
        if language in COLUMNS
    }
    languages = list(brought.questionnaire.languages)
    with pghistory.context(user=actor and actor.pk, step="imported"):
        survey = Survey.objects.create(slug=_free_slug(brought.title), languages=languages, **columns)
        write_pages(survey=survey, questionnaire=brought.questionnaire)
    refresh_entries(Survey, [survey.pk])
    return survey


def _free_slug(title: Mapping[str, str]) -> str:
    german = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
    base = slugify(title.get("de", "").casefold().translate(german))[: LONGEST_SLUG - 5].strip("-") or "umfrage"
    taken = RESERVED | set(Survey.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


@transaction.atomic
def upload_survey(*, name: str, content: bytes, owner: User) -> SurveyImport:
    """Keep a file and what its import would do, for the owner to look at. Raises UnreadableError.

    Files of the person that led nowhere go, and everybody's that are older than a day.
    """
    report = read_survey(content).summary()
    SurveyImport.objects.expired().delete()
    SurveyImport.objects.of(owner).filter(survey=None).delete()
    return SurveyImport.objects.create(owner=owner, name=name[:200], content=content, report=report)


@transaction.atomic
def take_over(*, brought_file: SurveyImport) -> Survey:
    """Write the draft of a file that was looked at. Repeatable: a second time gives the same draft.

    Raises UnreadableError when the file is gone.
    """
    stored = SurveyImport.objects.select_for_update().get(pk=brought_file.pk)
    if stored.survey is not None:
        return stored.survey
    brought = read_survey(bytes(stored.content))
    stored.survey = import_survey(brought=brought, actor=stored.owner)
    stored.report, stored.content = brought.summary(), b""
    stored.save(update_fields=["survey", "report", "content"])
    return stored.survey


def forget_imports() -> int:
    """Delete files nobody took over within a day. Repeatable. Returns how many rows."""
    deleted, _by_model = SurveyImport.objects.expired().delete()
    return deleted
