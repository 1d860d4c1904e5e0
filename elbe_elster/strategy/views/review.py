"""From a draft to publication: what has changed, what is missing, who decides; preview; withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from elbe_elster.strategy.actions import publishing
from elbe_elster.strategy.actions.applying import DraftError, attempted, draft_errors
from elbe_elster.strategy.actions.drafts import save_draft
from elbe_elster.strategy.actions.files import waiting_files
from elbe_elster.strategy.drafting.content import REASONS, Content
from elbe_elster.strategy.drafting.showing import changes, errors_in_words
from elbe_elster.strategy.forms.review import ReasonsForm, ReturnForm, ScheduleForm, WhyForm
from elbe_elster.strategy.models import Document, Draft, Image, Measure, Publication, Remark
from elbe_elster.strategy.permissions import can_publish
from elbe_elster.strategy.views import catalogue, profiles
from elbe_elster.strategy.views.places import UNPROCESSABLE, on_record, on_work
from elbe_elster.strategy.views.staff import person

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from elbe_elster.strategy.drafting.work import Work

FORMS: dict[str, type[Form]] = {"submit": ReasonsForm, "return": ReturnForm, "schedule": ScheduleForm}


@require_http_methods(["GET", "POST"])
@on_work
def draft_review(request: HttpRequest, work: Work) -> HttpResponse:
    """What stands between the draft and the public, and the next step of whoever looks at it."""
    step = request.POST.get("step", "")
    if request.method == "POST" and request.POST.get("seen", work.stamp) != work.stamp:
        messages.warning(
            request, _("Der Entwurf ist inzwischen ein anderer. Hier steht der neue Stand: Sehen Sie ihn an.")
        )
        return redirect(work.url("review"))
    if request.method == "POST" and step in STEPS and (work.draft or step == "submit"):
        form, error = _taken(request, work, step)
        if form is None and error is None:
            return redirect(_after(work))
        return _review(request, work, {step: form} if form else {}, error)
    return _review(request, work, {}, None)


def _after(work: Work) -> str:
    """The review while there is a draft, then the desk."""
    if work.draft and not Draft.objects.filter(pk=work.draft.pk).exists() and work.record is None:
        return "strategy:desk"
    return work.url("review")


def _taken(request: HttpRequest, work: Work, step: str) -> tuple[Form | None, DraftError | None]:
    """Take the step. Gives the form that did not fit, or what stands against it."""
    try:
        return STEPS[step](request, work), None
    except DraftError as error:
        return None, error


def _review(request: HttpRequest, work: Work, forms: dict[str, Any], error: DraftError | None) -> HttpResponse:
    draft = work.draft
    if draft and error is None:
        error = draft_errors(draft=draft, actor=person(request))
    content = work.content()
    messages_by_box = error.errors if error else {}
    asked = [name for name in REASONS.values() if name in messages_by_box or work.text.get(name)]
    blocking = {name: texts for name, texts in messages_by_box.items() if name not in REASONS.values()}
    context = {
        "work": work,
        "changes": changes(Content(work.kind, work.stored), content) if draft else [],
        "errors": errors_in_words(content, blocking),
        "wants_merge": bool(error and error.conflicts),
        "remarks": _remarks(work),
        "submit_form": forms.get("submit") or ReasonsForm(asked=asked, initial=work.text | {"text": ""}),
        "reasons": [(content.form.fields[name].label, work.text[name]) for name in asked if work.text.get(name)],
        "return_form": forms.get("return") or ReturnForm(prefix="return"),
        "schedule_form": forms.get("schedule") or ScheduleForm(prefix="schedule"),
        "may_publish": can_publish(person(request)),
        "may_approve": bool(draft and publishing.may_approve(person(request), draft)),
        "state": draft.state if draft else "",
        **_standing(work),
    }
    status = UNPROCESSABLE if forms or (request.method == "POST" and error) else 200
    return render(request, "strategy/editing/draft_review.html", context, status=status)


def _has_something(work: Work) -> bool:
    """Whether there is anything to lay before the publishers: text, or files alone."""
    return bool(work.draft or (work.record and not work.record.is_visible) or waiting_files(work.record))


def _standing(work: Work) -> dict[str, Any]:
    """What is public, what can be submitted; files that go public with the draft, and those too late for it."""
    submitted = work.draft.updated_at if work.draft and not work.is_open else None
    found = waiting_files(work.record)
    going = [row for row in found if submitted is None or row.uploaded_at <= submitted]
    return {
        "is_public": bool(work.record and work.record.is_visible),
        "can_submit": work.is_open and _has_something(work),
        "images": [row for row in going if isinstance(row, Image)],
        "documents": [row for row in going if isinstance(row, Document)],
        "late_files": [row for row in found if row not in going],
    }


def _remarks(work: Work) -> list[Remark]:
    owner: dict[str, Any] = {work.kind: work.record} if work.record else {"draft": work.draft}
    return list(Remark.objects.filter(**owner).select_related("author").order_by("-written_at")[:30])


def _submit(request: HttpRequest, work: Work) -> Form | None:
    """Keep the reasons with the draft, then lay it before the publishers."""
    if not _has_something(work):
        messages.warning(request, _("Es gibt nichts vorzulegen: Alles, was hier steht, ist schon öffentlich."))
        return None
    asked = [name for name in REASONS.values() if name in request.POST]
    form = ReasonsForm(request.POST, asked=asked)
    if not form.is_valid():
        return form
    reasons = {name: form.cleaned_data[name] for name in asked}
    if work.draft and reasons and work.is_open:
        values = work.text | reasons
        save_draft(work=work, values=values, opened=work.text, stamp=work.stamp, actor=person(request))
    publishing.submit_draft(work=work, actor=person(request), text=form.cleaned_data["text"])
    messages.success(request, _("Vorgelegt. Wer freigibt, bekommt eine E-Mail."))
    return None


def _return(request: HttpRequest, work: Work) -> Form | None:
    form = ReturnForm(request.POST, prefix="return")
    if not form.is_valid():
        return form
    done = work.draft and publishing.return_draft(
        draft=work.draft, actor=person(request), text=form.cleaned_data["text"]
    )
    _say(request, done, _("Der Änderungswunsch ist unterwegs."))
    return None


def _publish(request: HttpRequest, work: Work) -> Form | None:
    record = work.draft and publishing.publish_draft(draft=work.draft, actor=person(request))
    _say(request, record, _("Veröffentlicht."))
    return None


def _schedule(request: HttpRequest, work: Work) -> Form | None:
    form = ScheduleForm(request.POST, prefix="schedule")
    if not form.is_valid():
        return form
    moment = form.cleaned_data["publish_at"]
    done = work.draft and publishing.schedule_draft(draft=work.draft, actor=person(request), publish_at=moment)
    _say(request, done, _("Freigegeben. Das Portal veröffentlicht zum gewählten Zeitpunkt."))
    return None


def _unschedule(request: HttpRequest, work: Work) -> Form | None:
    if not can_publish(person(request)):
        raise PermissionDenied(_("Das entscheidet, wer freigibt."))
    done = work.draft and publishing.unschedule_draft(draft=work.draft, actor=person(request))
    _say(request, done, _("Die geplante Veröffentlichung ist abgesagt."))
    return None


STEPS = {
    "submit": _submit,
    "return": _return,
    "publish": _publish,
    "schedule": _schedule,
    "unschedule": _unschedule,
}


def _say(request: HttpRequest, done: object, text: str) -> None:
    """What happened; a second click, or somebody quicker, changes nothing."""
    if done:
        messages.success(request, text)
    else:
        messages.warning(request, _("Das ist schon entschieden. Hier sehen Sie den Stand."))


@require_GET
@on_work
def draft_preview(request: HttpRequest, work: Work) -> HttpResponse:
    """The public page as the draft would make it. Nothing of it is stored."""
    if work.draft is None:
        return redirect(work.record.get_absolute_url() if work.record and work.record.is_visible else work.url("edit"))
    pending = dict.fromkeys(REASONS, _("Der Grund steht noch nicht da."))
    text = _("Vorschau: So sieht die Seite aus, wenn der Entwurf veröffentlicht ist.")
    back = format_html('{} <a href="{}">{}</a>', text, work.url("edit"), _("Zurück zum Entwurf"))
    try:
        with attempted(draft=work.draft, actor=person(request), reasons=pending) as record:
            if not isinstance(record, Measure):
                Measure.objects.filter(pk=record.measure_id).update(
                    publication=Publication.PUBLISHED, published_at=record.published_at
                )
            messages.info(request, back)
            view = catalogue.measure_detail if isinstance(record, Measure) else profiles.profile_detail
            response: HttpResponse = view(request, slug=record.slug)
    except DraftError:
        messages.warning(request, _("Für die Vorschau fehlt noch etwas. Hier steht, was."))
        return redirect(work.url("review"))
    response["X-Robots-Tag"] = "noindex"
    response.finished_page = False  # type: ignore[attr-defined]  # nobody else may get it
    return response


@require_http_methods(["GET", "POST"])
@on_record
def record_withdraw(request: HttpRequest, work: Work) -> HttpResponse:
    """Take something out of the public at once."""
    if not can_publish(person(request)):
        raise PermissionDenied(_("Zurückziehen darf, wer freigibt."))
    form = WhyForm(request.POST or None)
    if work.record is None or not work.record.is_visible:
        return redirect(work.url("review"))
    if request.method == "POST" and form.is_valid():
        publishing.withdraw_record(record=work.record, actor=person(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("Zurückgezogen. Die Seite ist nicht mehr öffentlich."))
        return redirect(work.url("review"))
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "strategy/editing/record_withdraw.html", {"work": work, "form": form}, status=status)
