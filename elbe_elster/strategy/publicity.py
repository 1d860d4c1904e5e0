"""Which fields of a measure and of a profile the public may see. Every channel goes by these lists.

A new field is internal until somebody writes it here: a test compares the lists with the models.
"""

from __future__ import annotations

PUBLIC_MEASURE_FIELDS = frozenset(
    {
        "number", "slug", "title", "decided_title", "summary", "strategy", "primary_field", "further_fields", "goals",
        "description", "need", "origin", "origin_note", "benefit", "target_groups", "municipalities", "mandate", "lead",
        "partners", "contact_email", "priority", "starts_on", "starts_precision", "ends_on", "ends_precision",
        "permanent", "started_on", "done_on", "ending_reason", "phase", "course_override", "course_reason",
        "merged_into", "related", "depends_on", "participation", "participation_note", "added_on", "reviewed_on",
        "next_review_on", "example", "published_at",
    }
)  # fmt: skip
# Shown only where contact_public says so.
SWITCHED_MEASURE_FIELDS = frozenset({"contact_name"})
INTERNAL_MEASURE_FIELDS = frozenset(
    {
        "id", "loaded", "publication", "trashed_at", "translated_from", "number_order", "contact_public",
        "internal_note",
    }
)  # fmt: skip

PUBLIC_PROFILE_FIELDS = frozenset(
    {
        "measure", "slug", "title", "summary", "situation", "aims", "plan", "lead", "administrations",
        "legal_conditions", "cases", "core_process", "starts_on", "starts_precision", "ends_on", "ends_precision",
        "permanent", "started_on", "done_on", "ending_reason", "phase", "course_override", "course_reason",
        "reviewed_on", "next_review_on", "example", "published_at",
    }
)  # fmt: skip
INTERNAL_PROFILE_FIELDS = frozenset(
    {
        "id", "loaded", "publication", "trashed_at", "translated_from", "resources", "technical_conditions", "risks",
        "risk_level", "internal_note",
    }
)  # fmt: skip
