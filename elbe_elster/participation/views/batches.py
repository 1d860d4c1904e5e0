"""Piles of paper forms: type them in, type a sample in again, settle what differs, take them over."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from elbe_elster.participation.actions import paper as actions
from elbe_elster.participation.forms.paper import BatchForm, SettlingForm, SheetForm
from elbe_elster.participation.models import PaperBatch, PaperSheet, SurveyVersion
from elbe_elster.participation.paper.comparing import rate_of, sheet_comparison
from elbe_elster.participation.questionnaire.answers import answers_from_json
from elbe_elster.participation.reading import questionnaire_of
from elbe_elster.participation.views.staff import UNPROCESSABLE, on_survey, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from elbe_elster.accounts.models import User
    from elbe_elster.participation.models import Survey

ENTRY, LIST = "participation:survey-sheet-add", "participation:survey-batches"


def on_batch(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """For the survey team; takes ``number`` and gives the pile. What a pile refuses is said on its page."""

    @on_survey
    @wraps(view)
    def wrapped(request: HttpRequest, survey: Survey, *, number: int, **kwargs: Any) -> HttpResponse:
        batches = PaperBatch.objects.select_related("survey", "version").defer("version__document")
        batch = get_object_or_404(batches, survey=survey, number=number)
        try:
            return view(request, batch, **kwargs)
        except actions.BatchRefusedError as refusal:
            messages.error(request, str(refusal))
            return _to_batch(batch)

    return wrapped


def _to_batch(batch: PaperBatch) -> HttpResponse:
    return redirect("participation:survey-batch", batch.survey.slug, batch.number)


@require_http_methods(["GET", "POST"])
@on_survey
def batch_list(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Every pile of a survey, and a new one."""
    form = BatchForm(request.POST or None, survey=survey)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        batch = actions.begin_batch(survey=survey, version=found["version"], note=found["note"], checked_share=found["checked_share"])  # fmt: skip
        return _to_batch(batch)
    context = {
        "survey": survey,
        "form": form,
        "batches": PaperBatch.objects.with_counts().filter(survey=survey).select_related("version").defer("version__document").order_by("-number"),
        "can_begin": SurveyVersion.objects.filter(survey=survey).exists(),
    }  # fmt: skip
    return render(request, "participation/paper/batch_list.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_GET
@on_batch
def batch_detail(request: HttpRequest, batch: PaperBatch) -> HttpResponse:
    """How far a pile is and what comes next."""
    document = questionnaire_of(batch.version)
    sheets = list(batch.sheets.all())
    compared = {sheet.pk: sheet_comparison(document, sheet) for sheet in sheets}
    waiting = [sheet for sheet in sheets if sheet.drawn and sheet.second is None]
    apart = [(sheet, len(compared[sheet.pk].differences)) for sheet in sheets if compared[sheet.pk].differences]
    context = {
        "survey": batch.survey,
        "batch": batch,
        "sheets": sheets,
        "waiting": [(sheet, sheet.first_by_id == person(request).pk) for sheet in waiting],
        "apart": apart,
        "twice": sum(sheet.second is not None for sheet in sheets),
        "rate": rate_of(compared.values()),
        "obstacles": actions.obstacles_of(batch, sheets),
    }
    return render(request, "participation/paper/batch_detail.html", context)


@require_http_methods(["GET", "POST"])
@on_batch
def sheet_add(request: HttpRequest, batch: PaperBatch) -> HttpResponse:
    """Type in the next sheet; afterwards the form is empty again."""
    if batch.entry_closed or batch.finished:
        return _to_batch(batch)
    number = actions.next_number(batch)
    form = SheetForm(request.POST or None, document=questionnaire_of(batch.version), initial={"number": number})
    if _is_saved(request, form):
        found = form.cleaned_data
        stored = actions.type_sheet(
            batch=batch, key=found["key"], number=found["number"], answers=form.answers, actor=person(request)
        )
        _say_stored(request, stored)
        return redirect(ENTRY, batch.survey.slug, batch.number)
    return _sheet_page(request, batch, form, "first")


def _say_stored(request: HttpRequest, stored: actions.Stored) -> None:
    number = stored.sheet.number
    if stored.moved:
        words = _("Den Bogen mit Ihrer Nummer hat inzwischen jemand anders eingegeben. Ihrer hat jetzt die Nummer %(number)s. Schreiben Sie sie bitte auf das Papier.")  # fmt: skip
        messages.warning(request, words % {"number": number})
    else:
        messages.success(request, _("Bogen %(number)s ist gespeichert.") % {"number": number})


@require_http_methods(["GET", "POST"])
@on_batch
def sheet_edit(request: HttpRequest, batch: PaperBatch, *, sheet: int) -> HttpResponse:
    """Correct a sheet as long as the first entry is open."""
    found = get_object_or_404(batch.sheets, number=sheet)
    if batch.entry_closed:
        raise actions.BatchRefusedError(_("Die Eingabe dieses Stapels ist abgeschlossen. Öffnen Sie sie wieder."))
    form = SheetForm(
        request.POST or None,
        document=questionnaire_of(batch.version),
        given=answers_from_json(found.first),
        initial={"number": found.number, "key": found.key},
    )
    if _is_saved(request, form):
        actions.correct_sheet(sheet=found, answers=form.answers)
        messages.success(request, _("Bogen %(number)s ist geändert.") % {"number": found.number})
        return _to_batch(batch)
    return _sheet_page(request, batch, form, "correct", found)


@require_POST
@on_batch
def sheet_remove(request: HttpRequest, batch: PaperBatch, *, sheet: int) -> HttpResponse:
    """Take a sheet out of the pile."""
    for found in batch.sheets.filter(number=sheet):
        actions.remove_sheet(sheet=found)
    messages.success(request, _("Bogen %(number)s ist gelöscht.") % {"number": sheet})
    return _to_batch(batch)


@require_http_methods(["GET", "POST"])
@on_batch
def sheet_again(request: HttpRequest, batch: PaperBatch, *, sheet: int) -> HttpResponse:
    """The second entry of a drawn sheet. Nothing of the first one is shown."""
    found = get_object_or_404(batch.sheets.defer("first"), number=sheet, drawn=True)
    if found.second is not None or not batch.entry_closed:
        raise actions.BatchRefusedError(_("Dieser Bogen wartet nicht auf eine Zweiteingabe."))
    form = SheetForm(request.POST or None, document=questionnaire_of(batch.version), initial={"number": found.number})
    if _is_saved(request, form):
        if actions.type_again(sheet=found, answers=form.answers, actor=person(request)):
            messages.success(request, _("Die Zweiteingabe von Bogen %(number)s ist gespeichert.") % {"number": sheet})
        else:
            messages.warning(request, _("Bogen %(number)s hat inzwischen jemand anders zum zweiten Mal eingegeben.") % {"number": sheet})  # fmt: skip
        following = _next_second(batch, person(request))
        return redirect("participation:survey-sheet-again", batch.survey.slug, batch.number, following.number) if following else _to_batch(batch)  # fmt: skip
    return _sheet_page(request, batch, form, "second", found)


def _next_second(batch: PaperBatch, user: User) -> PaperSheet | None:
    """The next drawn sheet that somebody else has typed in first."""
    return batch.sheets.filter(drawn=True, second__isnull=True).exclude(first_by=user).order_by("number").first()


@require_http_methods(["GET", "POST"])
@on_batch
def sheet_settle(request: HttpRequest, batch: PaperBatch, *, sheet: int) -> HttpResponse:
    """What two entries of a sheet have different, and what counts."""
    found = get_object_or_404(batch.sheets, number=sheet, second__isnull=False)
    document = questionnaire_of(batch.version)
    form = SettlingForm(request.POST or None, differences=sheet_comparison(document, found).differences)
    if request.method == "POST" and form.is_valid():
        actions.settle_sheet(sheet=found, answers={**answers_from_json(found.first), **form.answers})
        messages.success(request, _("Die Unterschiede in Bogen %(number)s sind geklärt.") % {"number": sheet})
        return _to_batch(batch)
    context = {"survey": batch.survey, "batch": batch, "sheet": found, "form": form}
    return render(request, "participation/paper/sheet_settle.html", context, status=UNPROCESSABLE if form.errors else 200)  # fmt: skip


@require_POST
@on_batch
def entry_close(request: HttpRequest, batch: PaperBatch) -> HttpResponse:
    """All sheets are typed in; draw the sample."""
    drawn = actions.close_entry(batch=batch)
    words = ngettext("%(count)s Bogen ist zur Zweiteingabe gezogen.", "%(count)s Bögen sind zur Zweiteingabe gezogen.", drawn)  # fmt: skip
    messages.success(request, words % {"count": drawn})
    return _to_batch(batch)


@require_POST
@on_batch
def entry_reopen(_request: HttpRequest, batch: PaperBatch) -> HttpResponse:
    """Another sheet has turned up."""
    actions.reopen_entry(batch=batch)
    return _to_batch(batch)


@require_POST
@on_batch
def batch_take_over(request: HttpRequest, batch: PaperBatch) -> HttpResponse:
    """Put the pile into the urn."""
    count = actions.take_over_batch(batch=batch, actor=person(request))
    if count:
        words = ngettext("%(count)s Bogen ist übernommen.", "%(count)s Bögen sind übernommen.", count)
        messages.success(request, words % {"count": count})
    return redirect(LIST, batch.survey.slug)


def _is_saved(request: HttpRequest, form: SheetForm) -> bool:
    """Only the button saves: the Enter key alone checks what stands there, so that no half sheet is stored."""
    return request.method == "POST" and form.is_valid() and request.POST.get("step") == "save"


def _sheet_page(
    request: HttpRequest, batch: PaperBatch, form: SheetForm, entry: str, sheet: PaperSheet | None = None
) -> HttpResponse:
    form.aim()
    own = sheet is not None and sheet.first_by_id == person(request).pk and entry == "second"
    context = {
        "survey": batch.survey,
        "batch": batch,
        "form": form,
        "entry": entry,
        "own": own,
        "sheet_number": sheet.number if sheet else form["number"].value(),
    }
    return render(request, "participation/paper/sheet.html", context, status=UNPROCESSABLE if form.errors else 200)
