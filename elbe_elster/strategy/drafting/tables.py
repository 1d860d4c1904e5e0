"""The tables of a record as forms, one form a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from elbe_elster.strategy.models import (
    ChronicleEntry,
    CostRow,
    EntryKind,
    FundingRow,
    Indicator,
    MeasurePartner,
    Milestone,
    Resolution,
    first_day,
    last_day,
)
from elbe_elster.strategy.models.bodies import visible_line

from .boxes import PeriodColumns, TextForm, in_words
from .fields import ReadingsField, write_readings

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

STAFF_KINDS = (EntryKind.NEWS, EntryKind.CONTRIBUTION, EntryKind.RESULT)  # what staff tell; the rest tells itself


class RowForm(TextForm):
    """One row. ``remove`` marks it; until publication the mark can be taken back."""

    wide: ClassVar[tuple[str, ...]] = ()
    translated: ClassVar[tuple[str, ...]] = ()

    remove = forms.BooleanField(label=_("Diese Zeile entfernen"), required=False)

    @property
    def key(self) -> str:
        """Key of the stored row, or „n…“ for a new one."""
        return (self.prefix or "").partition("-")[2]

    @property
    def is_new(self) -> bool:
        """Not in the database yet."""
        return not self.key.isdigit()

    @property
    def is_blank(self) -> bool:
        """A new row in which nobody has written anything: choices do not count."""
        texts = (name for name, field in self.fields.items() if not isinstance(field, forms.ChoiceField))
        posted = self.posted()
        return self.is_new and not any(posted[name] for name in texts if name != "remove")

    @property
    def counts(self) -> bool:
        """Whether the row is to be there."""
        return not (self.is_blank or self.posted()["remove"])

    @property
    def in_brief(self) -> str:
        """The row in few words: what stands in its first boxes."""
        posted = self.posted()
        words = (in_words(self.fields[name], posted[name]) for name in [*self.columns[:2], *self.periods])
        return " · ".join(word[:80] for word in words if word and word != "–")

    @property
    def is_open(self) -> bool:
        """Whether the row is shown unfolded: new ones, and what is wrong."""
        return self.is_new or (self.counts and bool(self.errors))

    @property
    def main_boxes(self) -> list[Any]:
        """The boxes above the fold, without the mark."""
        hidden = {"remove", *self.translated}
        return [self[name] for name in self.fields if name not in hidden]

    @property
    def remove_box(self) -> Any:
        """The mark."""
        return self["remove"]

    @property
    def has_translation_error(self) -> bool:
        """Whether the fold must be open."""
        return bool(set(self.translated) & set(self.errors))

    @property
    def translation_boxes(self) -> list[Any]:
        """The boxes of the other languages."""
        return [self[name] for name in self.translated]

    def row(self, stored: Any) -> dict[str, Any]:  # noqa: ARG002 -- for those that need what is stored
        """What ``change_record`` takes for this row."""
        return ({} if self.is_new else {"id": int(self.key)}) | self.values()


class MilestoneForm(RowForm):
    """A milestone."""

    model = Milestone
    wide = ("title_de", "text_de", "late_reason")
    translated = ("title_en", "title_de_simple", "text_en", "text_de_simple")
    columns = ("title_de", "state", "done_on", "text_de", "late_reason", "proof", "proof_url", *translated)
    periods = {"due": PeriodColumns("due_on", "due_precision", last_day, _("Geplant bis"))}
    order = ("title_de", "due", "state", "done_on", "late_reason", "text_de")


class CostForm(RowForm):
    """The costs of one kind in one year."""

    model = CostRow
    columns = ("kind", "year", "planned", "actual", "note")


class FundingForm(RowForm):
    """One source of money."""

    model = FundingRow
    columns = ("kind", "programme", "amount", "own_share", "state", "deadline", "internal_note")
    internal = frozenset({"internal_note"})


class IndicatorForm(RowForm):
    """An indicator with its readings."""

    model = Indicator
    wide = ("name_de",)
    translated = ("name_en", "name_de_simple", "unit_en", "unit_de_simple")
    columns = (
        *("name_de", "unit_de", "baseline", "baseline_on", "target", "target_on", "source", "headline"),
        *translated,
    )
    readings = ReadingsField(label=_("Messwerte"))

    @classmethod
    def written(cls, row: Any) -> dict[str, Any]:
        """With one line for each reading."""
        return super().written(row) | {"readings": write_readings(row.readings.all() if row.pk else [])}

    def clean_readings(self) -> list[dict[str, Any]]:
        """One reading a day."""
        rows = [
            {"date": last_day(*period), "precision": period.precision.value, "value": value}
            for period, value in self.cleaned_data["readings"]
        ]
        if len({row["date"] for row in rows}) != len(rows):
            raise forms.ValidationError(_("Ein Zeitpunkt steht zweimal da."))
        return rows

    def row(self, stored: Any) -> dict[str, Any]:
        """With the stored readings of the same days."""
        known = {reading.date: reading.pk for reading in stored.readings.all()} if stored else {}
        readings = [
            ({"id": known[row["date"]]} if row["date"] in known else {}) | row for row in self.cleaned_data["readings"]
        ]
        return super().row(stored) | {"readings": readings}


class ResolutionForm(RowForm):
    """What a body resolved."""

    model = Resolution
    wide = ("text",)
    columns = ("body_name", "date", "reference", "text", "url")


class PartnerForm(RowForm):
    """Who takes part, and as what."""

    model = MeasurePartner
    columns = ("body", "role")
    new_body = forms.CharField(
        label=_("Oder eine neue Stelle"), required=False, max_length=160, help_text=_("Wenn sie in der Liste fehlt.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].required = False

    def clean_new_body(self) -> str:
        """A name that people can read."""
        return visible_line(self.cleaned_data["new_body"])

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        given = super().clean() or {}
        if not given.get("body") and not given.get("new_body"):
            self.add_error("body", _("Wählen Sie eine Stelle, oder schreiben Sie den Namen einer neuen."))
        return given

    def row(self, stored: Any) -> dict[str, Any]:
        """With the name of the new body, for ``publish_draft`` to make."""
        return super().row(stored) | {"new_body": self.cleaned_data["new_body"]}


class ChronicleForm(RowForm):
    """What staff tell of their own accord."""

    model = ChronicleEntry
    wide = ("text_de",)
    translated = ("text_en", "text_de_simple")
    columns = ("kind", "text_de", "url", "url_label_de", *translated)
    periods = {"date": PeriodColumns("date", "precision", first_day, _("Wann"))}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].required = True
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in STAFF_KINDS]  # type: ignore[attr-defined]
        self.fields["url"].help_text = _("Eine Seite des Portals („/strategie/“) oder eine Adresse mit „https://“.")

    def clean_url(self) -> str:
        """A path of the portal or a web address."""
        url: str = self.cleaned_data["url"]
        if url and not (url.startswith(("https://", "http://")) or (url.startswith("/") and not url.startswith("//"))):
            raise forms.ValidationError(_("Die Adresse beginnt mit „/“ oder mit „https://“."))
        return url


class Table(NamedTuple):
    """A table of a record: name as in ``change_record``, form of a row, words."""

    name: str
    form: type[RowForm]
    title: str | _StrPromise
    one: str | _StrPromise  # „Meilenstein“
    hint: str | _StrPromise = ""


PARTNERS = Table("partnerships", PartnerForm, _("Partner"), _("Partner"), _("Wer mitmacht, und als was."))
MILESTONES = Table(
    "milestones",
    MilestoneForm,
    _("Meilensteine"),
    _("Meilenstein"),
    _("Schritte mit einem Tag, an dem sie sich messen lassen. Aus ihnen rechnet das Portal den Verlauf."),
)
COSTS = Table("costrows", CostForm, _("Kosten"), _("Kosten"), _("In Euro, je Art und Jahr eine Zeile."))
FUNDING = Table("fundingrows", FundingForm, _("Finanzierung"), _("Quelle"), _("Woher das Geld kommt."))
INDICATORS = Table(
    "indicators", IndicatorForm, _("Kennzahlen"), _("Kennzahl"), _("Zahlen, an denen man sieht, was es bringt.")
)
RESOLUTIONS = Table("resolutions", ResolutionForm, _("Beschlüsse"), _("Beschluss"), "")
CHRONICLE = Table(
    "chronicle",
    ChronicleForm,
    _("Einträge"),
    _("Eintrag"),
    _("Phasen, Meilensteine, Beschlüsse und Änderungen von Terminen trägt das Portal selbst ein."),
)
