"""How long rows of the strategy are kept, and why; legal/retention.py explains the rules."""

from django.utils.translation import gettext_lazy as _

from elbe_elster.legal.retention import HISTORY, PUBLIC_FACT, WITH_PARENT, Rule

WORK = Rule(
    WITH_PARENT, _("Arbeit der Redaktion: wer woran schreibt."), personal=True, name=_("Entwürfe und Bemerkungen")
)
FACTS = (
    *("Strategy", "ProcessStep", "ActionField", "Goal", "Body", "Measure", "MeasurePartner", "ProjectProfile"),
    *("Milestone", "Indicator", "Reading", "Resolution", "Deviation", "ChronicleEntry", "CostRow", "FundingRow"),
    *("Adoption", "Document", "Image"),
)
RULES: dict[str, Rule] = {
    **dict.fromkeys(FACTS, PUBLIC_FACT),
    **dict.fromkeys((f"{name}Event" for name in (*FACTS, "Curation")), HISTORY),
    **dict.fromkeys(("Curation", "Draft", "DraftVersion", "Remark"), WORK),
    "FormerAddress": PUBLIC_FACT,
    "PeriodReport": PUBLIC_FACT,
    "ReportRow": PUBLIC_FACT,
    "TableImport": Rule(
        _("90 Tage; was nicht übernommen wurde, einen Tag"),
        _("Damit die Redaktion sieht, wer welche Tabelle übernommen hat."),
        personal=True,
        days=90,
        since="created_at",
        name=_("Hochgeladene Tabellen der Redaktion"),
    ),
    "Subscription": Rule(
        _("bis zum Abbestellen; ohne Bestätigung sieben Tage"),
        _("Damit das Portal weiß, wem es schreiben soll."),
        personal=True,
        done_by="strategy.actions.following",
        name=_("Abonnements von Neuigkeiten"),
    ),
}
