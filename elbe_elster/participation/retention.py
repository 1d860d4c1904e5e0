"""How long rows of participation are kept, and why; legal/retention.py explains the rules."""

from django.utils.translation import gettext_lazy as _

from elbe_elster.legal.retention import HISTORY, PUBLIC_FACT, WITH_PARENT, YEAR, Doer, Rule

ANSWERS = Rule(
    WITH_PARENT,
    _("Antworten ohne Namen, ohne Uhrzeit und ohne Adresse. Niemand kann sagen, von wem sie stammen."),
)
QUESTIONNAIRE = ("Survey", "Page", "Question", "Option", "Item")
RULES: dict[str, Rule] = {
    "Dialogue": PUBLIC_FACT,
    **dict.fromkeys((*QUESTIONNAIRE, "SurveyVersion", "Breakdown", "BreakdownGroup", "PublishedTable"), PUBLIC_FACT),
    **dict.fromkeys((f"{name}Event" for name in QUESTIONNAIRE), HISTORY),
    "SurveyStep": HISTORY,
    **dict.fromkeys(("Response", "Answer", "Tally", "ResponseCount", "TextCode"), ANSWERS),
    "Envelope": Rule(
        _("bis zum nächsten Tag; was sich nicht öffnen lässt, 30 Tage"),
        _("Bis die Urne geleert wird."),
        done_by="participation",
    ),
    "SubmissionKey": Rule(
        _("bis sieben Tage nach dem Ende der Umfrage"),
        _("Damit doppelt Gesendetes einmal zählt."),
        done_by="participation",
    ),
    "Draft": Rule(
        _("30 Tage, höchstens bis sieben Tage nach dem Ende der Umfrage"),
        _("Damit Menschen später weitermachen können, wenn sie darum bitten."),
        personal=True,
        done_by="participation",
        name=_("Zwischenstände von Umfragen"),
    ),
    "CodeLot": Rule(WITH_PARENT, _("Damit jede eingeladene Person einmal antworten kann.")),
    "AccessCode": Rule(
        _("bis 30 Tage nach dem Ende der Umfrage"),
        _("Damit jede eingeladene Person einmal antworten kann. Danach geht auch niemanden an, wer es nicht tat."),
        done_by="participation",
    ),
    "Kiosk": Rule(
        _("ein Jahr"),
        _("Zeigt, wer wo ein Gerät aufgestellt hat."),
        personal=True,
        days=YEAR,
        since="open_until",
        name=_("Geräte vor Ort"),
    ),
    "ContactWish": Rule(
        _("bis sechs Monate nach dem Ende der Umfrage"),
        _("Für die Verlosung oder damit wir antworten können."),
        personal=True,
        done_by="participation",
        name=_("Kontaktwünsche nach Umfragen"),
    ),
    "PaperBatch": ANSWERS,
    "PaperSheet": Rule(
        _("bis der Stapel übernommen ist"), _("Für den Vergleich der zweiten Eingabe."), done_by="participation"
    ),
    "FreeText": Rule(
        _("bis zum Ende der Auswertung, höchstens ein Jahr nach dem Ende der Umfrage"),
        _("Freie Texte können Angaben über Menschen enthalten."),
        personal=True,
        done_by="participation",
        name=_("Freie Texte aus Umfragen"),
    ),
    "ExportJob": Rule(
        _("einen Tag nach Fertigstellung"),
        _("Zum Herunterladen durch das Beteiligungsteam."),
        done_by="participation",
        personal=True,
        name=_("Ausfuhren von Antworten"),
    ),
    "SurveyImport": Rule(
        _("90 Tage; was nicht übernommen wurde, einen Tag"),
        _("Damit das Team sieht, was bei der Übernahme verloren ging."),
        personal=True,
        days=90,
        since="created_at",
        done_by="participation",
        name=_("Übernommene Fragebögen"),
    ),
}


def doers() -> dict[str, Doer]:
    """Where the end of a survey decides, or a file goes with its row."""
    from elbe_elster.participation.actions.retention import DOERS

    return DOERS
