"""Everything the public page of a measure shows, read by one statement. Only fields named in ``publicity.py``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import get_language

from .models import (
    ActionField,
    Adoption,
    ChronicleEntry,
    CostRow,
    Deviation,
    Document,
    FundingRow,
    Goal,
    Image,
    Indicator,
    Measure,
    MeasurePartner,
    Milestone,
    ProjectProfile,
    Publication,
    Reading,
    Resolution,
)
from .statements import as_list, exact, mark, read_text, words

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models.expressions import Combinable

OWN = (
    *("number", "slug", "decided_title", "example", "phase", "course", "course_reason", "ending_reason"),
    *("starts_on", "starts_precision", "ends_on", "ends_precision", "permanent", "started_on", "done_on"),
    *("origin", "mandate", "priority", "participation", "participation_note", "contact_email"),
    *("added_on", "reviewed_on", "next_review_on"),
)
TRANSLATED = ("title", "summary", "description", "need", "benefit", "target_groups", "origin_note")
HERE = OuterRef("pk")
PROFILE_SHOWS = Q(profile__publication=Publication.PUBLISHED, profile__trashed_at=None)
OURS = Q(measure=HERE) | Q(PROFILE_SHOWS, profile__measure=HERE)  # of the measure or of its visible projects


def read_dossier(slug: str, today: dt.date | None = None) -> dict[str, Any] | None:
    """The published measure at this address; None if there is none (one query).

    Dates are text such as "2026-03-31" and amounts text such as "1200.00", as JSON brings them. Under "text" is all of
    it once more as one text.
    """
    day, language = today or timezone.localdate(), get_language() or "de"
    text = read_text(("measure", language, day), lambda: _statement(language, day), slug=slug)
    return None if text is None else {**json.loads(text), "text": text}


def _statement(language: str, today: dt.date) -> QuerySet[Any, Any]:
    texts = {name: words(name, language) for name in TRANSLATED}
    contact = Case(When(contact_public=True, then=F("contact_name")), default=Value(""))
    own = JSONObject(**{name: F(name) for name in OWN}, **texts, contact_name=contact)
    parts = {
        "own": own,
        "field": JSONObject(
            slug="primary_field__slug",
            colour="primary_field__colour",
            name=words("primary_field__short_name", language),
            full_name=words("primary_field__name", language),
        ),
        "lead": JSONObject(name="lead__name", email="lead__email", url="lead__url"),
        **_neighbours(language),
        **_progress(language, today),
        **_money(language),
        **_files(language),
    }
    rows = Measure.objects.published().filter(slug=mark("slug")).with_course(today)
    return rows.annotate(found=JSONObject(**parts)).values("found")


def _neighbours(language: str) -> dict[str, Combinable]:
    """What the measure belongs to and hangs together with."""
    places = Measure.municipalities.through.objects.filter(measure=HERE).order_by("municipality__sort_key")
    published = Measure.objects.published()
    others = {
        "related": published.filter(related=HERE),
        "depends_on": published.filter(needed_by=HERE),
        "needed_by": published.filter(depends_on=HERE),
        "merged_measures": published.filter(merged_into=HERE),
        "merged_into": published.filter(pk=OuterRef("merged_into")),
    }
    fields = ActionField.objects.filter(further_measures=HERE)
    goals = Goal.objects.filter(measures=HERE)
    return {
        "further_fields": as_list(fields, "slug", "colour", name=words("short_name", language)),
        "goals": as_list(
            goals,
            *("number", "set_on", "example"),
            field="action_field__slug",
            field_number="action_field__number",
            title=words("title", language),
        ),
        "places": as_list(places, name="municipality__name"),
        "partners": as_list(MeasurePartner.objects.filter(measure=HERE), "role", name="body__name", url="body__url"),
        **{name: as_list(rows, "number", "slug", title=words("title", language)) for name, rows in others.items()},
    }


def _progress(language: str, today: dt.date) -> dict[str, Combinable]:
    """What happened and what is to happen."""
    profiles = ProjectProfile.objects.published().filter(measure=HERE).with_course(today)
    entries = ChronicleEntry.objects.filter(Q(profile=None) | PROFILE_SHOWS, measure=HERE).newest_first()
    return {
        "profiles": as_list(
            profiles,
            *("slug", "phase", "course", "example", "starts_on", "starts_precision", "ends_on", "ends_precision"),
            "permanent",
            title=words("title", language),
            summary=words("summary", language),
        ),
        "milestones": as_list(
            Milestone.objects.filter(measure=HERE),
            *("id", "state", "due_on", "due_precision", "done_on", "late_reason", "proof", "proof_url"),
            title=words("title", language),
            text=words("text", language),
        ),
        "adoptions": as_list(
            Adoption.objects.filter(measure=HERE),
            *("stage", "since", "note", "contact_email"),
            name="administration__name",
            slug="administration__slug",
        ),
        "resolutions": as_list(Resolution.objects.filter(OURS), *("body_name", "date", "reference", "text", "url")),
        "deviations": as_list(
            Deviation.objects.filter(OURS), *("kind", "subject", "before", "after", "reason", "changed_on")
        ),
        "chronicle": as_list(
            entries,
            *("kind", "date", "precision", "url"),
            text=words("text", language),
            url_label=words("url_label", language),
        ),
    }


def _money(language: str) -> dict[str, Combinable]:
    """What it costs, who pays, and what it brings."""
    project = words("profile__title", language)
    readings = as_list(Reading.objects.filter(indicator=HERE), "date", "precision", value=exact("value"))
    return {
        "costs": as_list(
            CostRow.objects.filter(OURS),
            *("kind", "year", "note"),
            planned=exact("planned"),
            actual=exact("actual"),
            project=project,
        ),
        "fundings": as_list(
            FundingRow.objects.filter(OURS),
            *("kind", "programme", "own_share", "state", "deadline"),
            amount=exact("amount"),
            project=project,
        ),
        "indicators": as_list(
            Indicator.objects.filter(measure=HERE),
            *("baseline_on", "target_on", "source", "headline"),
            name=words("name", language),
            unit=words("unit", language),
            baseline=exact("baseline"),
            target=exact("target"),
            readings=readings,
        ),
    }


def _files(language: str) -> dict[str, Combinable]:
    """Released documents and pictures."""
    documents, images = (model.objects.filter(measure=HERE, public=True) for model in (Document, Image))
    return {
        "documents": as_list(
            documents, *("id", "title", "file_name", "size", "credit", "licence", "accessible", "media_type")
        ),
        "images": as_list(
            images,
            *("id", "credit", "licence", "width", "height"),
            alt=words("alt", language),
            caption=words("caption", language),
        ),
    }
