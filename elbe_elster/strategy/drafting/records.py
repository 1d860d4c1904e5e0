"""Measures and project profiles as forms, in the sections of the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from elbe_elster.strategy.models import Measure, Phase, ProjectProfile, first_day, last_day

from . import tables
from .boxes import TRANSLATIONS, PeriodColumns, TextForm

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from .tables import Table


class Section(NamedTuple):
    """A part of the editor. ``boxes``: names, two in a tuple stand side by side."""

    key: str
    title: str | _StrPromise
    text: str | _StrPromise
    boxes: tuple[str | tuple[str, ...], ...]
    tables: tuple[Table, ...] = ()


def translated_columns(names: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of the other languages."""
    return tuple(f"{name}_{ending}" for name in names for ending in TRANSLATIONS)


MISSING = {
    "title_de": _("Schreiben Sie einen Titel."),
    "number": _("Tragen Sie eine Nummer ein, zum Beispiel „M-31“."),
    "summary_de": _("Schreiben Sie in einem Satz, worum es geht."),
    "primary_field": _("Wählen Sie ein Handlungsfeld."),
    "measure": _("Wählen Sie die Maßnahme, zu der das Projekt gehört."),
}


class RecordForm(TextForm):
    """What measures and profiles have in common."""

    sections: ClassVar[tuple[Section, ...]]
    translated: ClassVar[tuple[str, ...]]
    markdown: ClassVar[frozenset[str]]
    periods = {
        "starts": PeriodColumns("starts_on", "starts_precision", first_day, _("Beginn geplant")),
        "ends": PeriodColumns("ends_on", "ends_precision", last_day, _("Ende geplant")),
    }

    new_lead = forms.CharField(
        label=_("Oder eine neue Stelle"), required=False, max_length=160, help_text=_("Wenn sie in der Liste fehlt.")
    )
    reason_date = forms.CharField(label=_("Warum sich Termine ändern"), required=False, max_length=500)
    reason_cost = forms.CharField(label=_("Warum sich Kosten ändern"), required=False, max_length=500)
    reason_scope = forms.CharField(label=_("Warum sich der Umfang ändert"), required=False, max_length=500)
    still_right = forms.MultipleChoiceField(required=False)  # drawn beside each translation

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new and "number" in self.fields:
            self.fields["number"].widget.attrs["readonly"] = ""
        self.fields["still_right"].choices = [(name, name) for name in translated_columns(self.translated)]  # type: ignore[attr-defined]
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("Der letzte Teil der Adresse. Leer: Das Portal macht sie aus dem Titel.")
        for name, text in MISSING.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = text
        for name in self.markdown:
            for ending in ("de", *TRANSLATIONS):
                self.fields[f"{name}_{ending}"].widget.attrs["data-markdown"] = ""

    @classmethod
    def table_list(cls) -> list[Table]:
        """Every table, in the order of the sections."""
        return [table for section in cls.sections for table in section.tables]


class MeasureForm(RecordForm):
    """A measure."""

    model = Measure
    translated = ("title", "summary", "description", "need", "benefit", "target_groups", "origin_note")
    markdown = frozenset({"description", "need", "benefit"})
    internal = frozenset({"contact_name", "internal_note"})
    columns = (
        *("number", "slug", "title_de", "summary_de", "description_de", "decided_title", "primary_field"),
        *("further_fields", "goals", "need_de", "origin", "origin_note_de", "benefit_de", "target_groups_de"),
        *("municipalities", "mandate", "priority", "lead", "contact_email", "contact_name", "contact_public"),
        *("participation", "participation_note", "phase", "permanent", "started_on", "done_on", "ending_reason"),
        *("merged_into", "course_override", "course_reason", "related", "depends_on", "next_review_on"),
        *("internal_note", *translated_columns(translated)),
    )
    sections = (
        Section(
            "was",
            _("Was"),
            _("Worum es geht, in den Worten, die Menschen im Landkreis benutzen."),
            (
                ("title_de", "number"),
                "summary_de",
                "description_de",
                "primary_field",
                "further_fields",
                "decided_title",
                "slug",
            ),
        ),
        Section(
            "warum",
            _("Warum"),
            _("Was fehlt, woher der Wunsch kommt und wem es nützt."),
            (
                *("need_de", ("origin", "origin_note_de"), "benefit_de", "target_groups_de", "goals"),
                *(("priority", "mandate"), "municipalities"),
            ),
        ),
        Section(
            "wer",
            _("Wer"),
            _(
                "Nennen Sie Stellen, keine Menschen. Der Name der Ansprechperson bleibt intern, wenn Sie ihn nicht freigeben."
            ),
            (
                *(("lead", "new_lead"), "contact_email", ("contact_name", "contact_public")),
                *("participation", "participation_note"),
            ),
            (tables.PARTNERS,),
        ),
        Section(
            "wann",
            _("Wann und wie weit"),
            _(
                "Phase: wie weit es ist. Den Verlauf (im Plan, verzögert) rechnet das Portal aus Terminen und Meilensteinen."
            ),
            (
                *(("phase", "permanent"), ("starts", "ends"), ("started_on", "done_on"), "ending_reason"),
                *("merged_into", ("course_override", "course_reason"), "next_review_on"),
            ),
            (tables.MILESTONES,),
        ),
        Section("geld", _("Geld"), _("Was es kostet und wer bezahlt."), (), (tables.COSTS, tables.FUNDING)),
        Section("kennzahlen", _("Kennzahlen"), _("Woran man sieht, was es bringt."), (), (tables.INDICATORS,)),
        Section("beschluesse", _("Beschlüsse"), _("Was ein Gremium beschlossen hat."), (), (tables.RESOLUTIONS,)),
        Section(
            "zusammen",
            _("Zusammenhänge"),
            _("Was vorher fertig sein muss, und was dazu passt."),
            ("depends_on", "related"),
        ),
        Section("chronik", _("Chronik"), _("Woher es kam und was daraus wurde."), (), (tables.CHRONICLE,)),
        Section("uebersetzungen", _("Übersetzungen"), _("Englisch und Leichte Sprache neben dem deutschen Text."), ()),
        Section("intern", _("Intern"), _("Das sieht nur die Redaktion."), ("internal_note",)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["summary_de"].widget = forms.Textarea(attrs={"rows": 2, "lang": "de"})
        for name in ("need_de", "benefit_de"):
            self.fields[name].widget.attrs["rows"] = 4
        if number := self.data.get("number"):
            for name in ("related", "depends_on", "merged_into"):
                self._leave_out(name, f"{number} ")

    def _leave_out(self, name: str, start: str) -> None:
        """A measure cannot be chosen for itself."""
        field: Any = self.fields[name]
        every = field.choices
        field.choices = lambda: [choice for choice in every if not str(choice[1]).startswith(start)]

    def clean(self) -> dict[str, Any]:
        """The German rules that are no constraints of the database."""
        given = super().clean() or {}
        if given.get("number"):
            given["number"] = given["number"].upper()
        return given


class ProfileForm(RecordForm):
    """A project profile."""

    model = ProjectProfile
    translated = ("title", "summary", "situation", "aims", "plan")
    markdown = frozenset({"situation", "aims", "plan"})
    internal = frozenset({"resources", "technical_conditions", "risks", "risk_level", "internal_note"})
    columns = (
        *("measure", "slug", "title_de", "summary_de", "situation_de", "aims_de", "plan_de", "lead"),
        *("administrations", "legal_conditions", "cases", "core_process", "phase", "permanent", "started_on"),
        *("done_on", "ending_reason", "course_override", "course_reason", "next_review_on", "resources"),
        *("technical_conditions", "risks", "risk_level", "internal_note", *translated_columns(translated)),
    )
    sections = (
        Section(
            "was",
            _("Was"),
            _("Ein Projekt, kurz genug für eine Seite."),
            ("title_de", "measure", "summary_de", "situation_de", "aims_de", "plan_de", "slug"),
        ),
        Section(
            "wer",
            _("Wer"),
            _("Wer das Projekt führt und welche Verwaltungen mitmachen."),
            (("lead", "new_lead"), "administrations"),
        ),
        Section(
            "wann",
            _("Wann und wie weit"),
            _("Den Verlauf rechnet das Portal aus Terminen und Meilensteinen."),
            (
                *(("phase", "permanent"), ("starts", "ends"), ("started_on", "done_on"), "ending_reason"),
                *(("course_override", "course_reason"), "next_review_on"),
            ),
            (tables.MILESTONES,),
        ),
        Section("geld", _("Geld"), _("Was es kostet und wer bezahlt."), (), (tables.COSTS, tables.FUNDING)),
        Section(
            "bedingungen",
            _("Voraussetzungen"),
            _("Was es braucht, damit es gelingt."),
            ("legal_conditions", ("cases", "core_process")),
        ),
        Section("beschluesse", _("Beschlüsse"), _("Was ein Gremium beschlossen hat."), (), (tables.RESOLUTIONS,)),
        Section("chronik", _("Chronik"), _("Woher es kam und was daraus wurde."), (), (tables.CHRONICLE,)),
        Section("uebersetzungen", _("Übersetzungen"), _("Englisch und Leichte Sprache neben dem deutschen Text."), ()),
        Section(
            "intern",
            _("Intern"),
            _("Das sieht nur die Redaktion."),
            ("resources", "technical_conditions", "risks", "risk_level", "internal_note"),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["summary_de"].widget = forms.Textarea(attrs={"rows": 2, "lang": "de"})
        phases = [choice for choice in Phase.choices if choice[0] != Phase.MERGED]
        self.fields["phase"].choices = phases  # type: ignore[attr-defined]


FORMS: dict[str, type[RecordForm]] = {"measure": MeasureForm, "profile": ProfileForm}
