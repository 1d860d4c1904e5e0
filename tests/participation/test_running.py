"""The life of a survey: every step, and once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from elbe_elster.participation.actions import running
from elbe_elster.participation.actions.freezing import draft_document, write_pages
from elbe_elster.participation.models import (
    Envelope,
    Option,
    Question,
    Survey,
    SurveyState,
    SurveyStep,
    SurveyVersion,
)
from elbe_elster.participation.questionnaire.document import Kind, to_json
from elbe_elster.search.models import SearchEntry
from tests.participation.answering import options, question, questionnaire
from tests.participation.drafting import HOUR, NOON, SECOND, both, drafted, open_survey, refusal, steps

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User

db = pytest.mark.django_db


# Publishing -----------------------------------------------------------------------


@db
def test_publishing_freezes_what_stands_there(survey_team: User) -> None:
    survey = drafted()
    version = running.publish_survey(survey=survey, actor=survey_team, now=NOON)
    survey.refresh_from_db()
    assert version is not None
    assert survey.current == version
    assert (version.number, version.reason, version.published_by, version.published_at) == (1, "", survey_team, NOON)
    assert version.document == to_json(draft_document(survey))
    assert (survey.opens_at, survey.state_at(NOON), survey.state_at(NOON - SECOND)) == (
        NOON,
        SurveyState.OPEN,
        SurveyState.SCHEDULED,
    )
    assert steps(survey) == [("published", "Vom 23.11.2026 13:00 bis offen")]
    assert SearchEntry.objects.filter(kind="umfragen", row_id=survey.pk, language="de").count() == 1


@db
def test_a_second_click_publishes_nothing(survey_team: User) -> None:
    survey = drafted()
    assert running.publish_survey(survey=survey, actor=survey_team)
    assert running.publish_survey(survey=survey, actor=survey_team) is None
    assert (SurveyVersion.objects.count(), SurveyStep.objects.count()) == (1, 1)


@db
@pytest.mark.parametrize(
    ("hours", "state"), [(1, SurveyState.SCHEDULED), (0, SurveyState.OPEN), (-1, SurveyState.OPEN)]
)
def test_a_beginning_ahead_is_kept_and_a_past_one_means_now(hours: int, state: SurveyState) -> None:
    survey = drafted(opens_at=NOON + hours * HOUR)
    running.publish_survey(survey=survey, actor=None, now=NOON)
    survey.refresh_from_db()
    assert (survey.state_at(NOON), survey.opens_at) == (state, NOON + max(hours, 0) * HOUR)


@db
def test_what_cannot_be_answered_is_not_published() -> None:
    survey = Survey.objects.create(slug="leer", title="Leer")

    def publish() -> list[str]:
        return refusal(running.publish_survey, survey=survey, actor=None, now=NOON)

    assert publish() == ["Die Umfrage fragt noch nichts. Legen Sie mindestens eine Frage an."]
    write_pages(
        survey=survey,
        questionnaire=questionnaire(
            (
                question("q1", options=options("a")),
                question("q2", Kind.MATRIX_SINGLE, items=()),
                replace(question("q3", Kind.DATE), label={"en": "When?"}),
            )
        ),
    )
    Survey.objects.filter(pk=survey.pk).update(closes_at=NOON)
    assert publish() == [
        "Die Frage „Frage q1?“ braucht mindestens zwei Antworten zum Auswählen.",
        "Die Tabelle „Frage q2?“ braucht mindestens eine Zeile.",
        "Die Frage „q3“ hat noch keinen Text.",
        "Das Ende der Umfrage ist schon vorbei. Setzen Sie ein neues Ende.",
    ]
    survey.breakdowns.create(question=survey.questions.get(code="q1"), label="Nach Antwort")
    assert publish()[-1] == "Die Gliederung „Nach Antwort“ hat noch keine Gruppen."
    Question.objects.filter(code="q1").update(condition={"op": "perhaps"})
    assert publish() == ["Eine Bedingung ist beschädigt. Stellen Sie sie im Editor neu ein."]
    assert (SurveyVersion.objects.count(), SurveyStep.objects.count()) == (0, 0)


@db
def test_what_changed_under_the_eyes_is_not_published() -> None:
    survey = drafted()
    seen = running.stamp_of(survey, draft_document(survey))
    Question.objects.filter(code="q1").update(label_de="Anders?")
    expected = ["Der Fragebogen ist inzwischen ein anderer. Hier steht der neue Stand: Sehen Sie ihn an."]
    assert refusal(running.publish_survey, survey=survey, actor=None, seen=seen) == expected
    fresh = running.stamp_of(survey, draft_document(survey))
    assert running.publish_survey(survey=survey, actor=None, seen=fresh)


# Correcting -----------------------------------------------------------------------


@db
def test_a_correction_is_a_new_version_with_its_reason(survey_team: User) -> None:
    survey = open_survey()
    Question.objects.filter(code="q1").update(label_de="Wie oft?")
    version = running.correct_survey(survey=survey, actor=survey_team, reason="Tippfehler", now=NOON + HOUR)
    survey.refresh_from_db()
    assert version is not None
    assert survey.current == version
    assert (version.number, version.reason) == (2, "Tippfehler")
    assert [row["label"]["de"] for row in version.document["pages"][0]["questions"]] == ["Wie oft?", "Frage q2?"]
    assert steps(survey)[1:] == [("corrected", "Tippfehler")]
    assert running.correct_survey(survey=survey, actor=survey_team, reason="Tippfehler") is None
    assert SurveyVersion.objects.count() == 2


@db
def test_what_would_break_answers_is_refused() -> None:
    survey = open_survey()
    Question.objects.filter(code="q2").update(kind=Kind.DATE)
    Option.objects.filter(question__code="q1", code="a").delete()
    Option.objects.create(question=Question.objects.get(code="q1"), code="neu", number=1, label="Neu")
    assert refusal(running.correct_survey, survey=survey, actor=None, reason="x", now=NOON) == [
        "In der Frage „Frage q1?“ fehlt „Antwort a“. Ziehen Sie es zurück, statt es zu löschen.",
        "In der Frage „Frage q1?“ hat „Neu“ eine Nummer, die schon vergeben war.",
        "Die Frage „Frage q2?“ hat eine andere Art. Ziehen Sie sie zurück und legen Sie eine neue an.",
    ]
    Question.objects.filter(code="q1").delete()
    assert refusal(running.correct_survey, survey=survey, actor=None, reason="x", now=NOON)[0] == (
        "Die Frage „Frage q1?“ fehlt. Ziehen Sie sie zurück, statt sie zu löschen."
    )
    assert SurveyVersion.objects.count() == 1


@db
def test_retiring_and_adding_is_a_correction() -> None:
    survey = open_survey()
    Option.objects.filter(question__code="q1", code="a").update(retired=True)
    Option.objects.create(question=Question.objects.get(code="q1"), code="neu", number=4, label="Neu")
    assert running.correct_survey(survey=survey, actor=None, reason="Antwort fehlte", now=NOON)


@db
def test_only_what_is_published_and_not_over_is_corrected() -> None:
    survey = drafted(closes_at=NOON + HOUR)
    correct: dict[str, Any] = {"survey": survey, "actor": None, "reason": "x"}
    assert refusal(running.correct_survey, **correct) == ["Die Umfrage ist noch nicht veröffentlicht."]
    running.publish_survey(survey=survey, actor=None, now=NOON)
    Question.objects.filter(code="q1").update(label_de="Anders?")
    assert refusal(running.correct_survey, **correct, now=NOON + HOUR) == [
        "Die Umfrage ist beendet. Berichtigen lässt sie sich nur, solange sie läuft."
    ]
    assert running.correct_survey(**correct, now=NOON + HOUR - SECOND)


# Two at once ------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_do_everything_once() -> None:
    survey = drafted()
    assert both(lambda: running.publish_survey(survey=survey, actor=None)) == [False, True]
    Question.objects.filter(code="q1").update(label_de="Anders?")
    assert both(lambda: running.correct_survey(survey=survey, actor=None, reason="x")) == [False, True]
    assert both(lambda: running.close_survey(survey=survey, actor=None)) == [False, True]
    until = timezone.now() + HOUR
    assert both(lambda: running.reopen_survey(survey=survey, actor=None, closes_at=until, reason="x")) == [False, True]
    assert [kind for kind, _note in steps(survey)] == ["published", "corrected", "closed", "reopened"]
    assert [version.number for version in survey.versions.all()] == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_answers_pass_while_a_step_is_taken() -> None:
    survey = drafted()

    def hand_in() -> int:
        try:
            with transaction.atomic(), connections["default"].cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                Envelope.objects.create(survey_id=survey.pk, day=NOON.date(), content=b"x")
            return Envelope.objects.count()
        finally:
            connections.close_all()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        running.locked(survey)
        assert pool.submit(hand_in).result(timeout=10) == 1
