"""Writing measures and project profiles: begin, write, compare with what another wrote."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from elbe_elster.accounts.middleware import keeps_typed, typed_before
from elbe_elster.strategy.actions import drafts
from elbe_elster.strategy.actions.trash import KEPT_FOR
from elbe_elster.strategy.drafting.boxes import keepable
from elbe_elster.strategy.drafting.content import blank_row, data_of, posted, table_names, written
from elbe_elster.strategy.drafting.hints import content_with_hints, hints_of
from elbe_elster.strategy.drafting.records import FORMS, translated_columns
from elbe_elster.strategy.drafting.work import Work
from elbe_elster.strategy.forms.review import BeginForm, BeginMeasureForm, BeginProfileForm
from elbe_elster.strategy.models import Measure, ProjectProfile
from elbe_elster.strategy.presence import note_presence
from elbe_elster.strategy.translations import german_of
from elbe_elster.strategy.views.places import CONFLICT, UNPROCESSABLE, on_work
from elbe_elster.strategy.views.staff import editors_only, person
from elbe_elster.ui.markdown import render_markdown

if TYPE_CHECKING:
    from django.http import HttpRequest

    from elbe_elster.strategy.drafting.content import Content

BEGIN: dict[str, type[BeginForm]] = {"measure": BeginMeasureForm, "profile": BeginProfileForm}
LONGEST_PREVIEW = 50_000  # characters
LONGEST_MARK = 40  # characters


@require_http_methods(["GET", "POST"])
@never_cache
@editors_only
def draft_add(request: HttpRequest, kind: str) -> HttpResponse:
    """Begin something new: a title is enough."""
    initial = {"measure": Measure.objects.kept().filter(number=keepable(request.GET.get("massnahme", ""))).first()}
    form = BEGIN[kind](request.POST or None, user=person(request), initial=initial)  # type: ignore[call-arg]
    if request.method == "POST" and form.is_valid():
        values = _first_values(kind, form.cleaned_data)
        draft = drafts.begin_draft(kind=kind, token=form.cleaned_data["token"], values=values, actor=person(request))
        return redirect(Work.on_draft(draft).url("edit"))
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "strategy/editing/draft_add.html", {"form": form, "kind": kind}, status=status)


def _first_values(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    values = written(Measure() if kind == "measure" else ProjectProfile())
    chosen = given.get("primary_field") or given.get("measure")
    values |= {"title_de": given["title"], "primary_field" if kind == "measure" else "measure": _key(chosen)}
    return values | ({"number": _next_number()} if kind == "measure" else {})


def _key(row: Any) -> str:
    return str(row.pk) if row else ""


def _next_number() -> str:
    """A proposal: one more than the highest number there is."""
    highest = Measure.objects.order_by("-number_order").values_list("number_order", flat=True).first() or 0
    return f"M-{highest + 1:02}"


@require_http_methods(["GET", "POST"])
@keeps_typed
@on_work
def draft_edit(request: HttpRequest, work: Work) -> HttpResponse:
    """Write. Whatever stands in the form is kept, valid or not."""
    typed = request.POST if request.method == "POST" else typed_before(request)
    if typed is None:
        return _editor(request, work, work.text)
    values = _with_new_row(posted(work.kind, typed, number=work.number), work.kind, typed)
    if request.method != "POST":
        messages.warning(request, _("Ihr Text von vorhin ist noch da. Speichern Sie ihn jetzt."))
        return _editor(request, work, values, sent=typed)
    opened = posted(work.kind, QueryDict(typed.get("opened", "")), number=work.number)
    stamp, page = typed.get("stamp", ""), typed.get("page", "")[:LONGEST_MARK]
    saved = drafts.save_draft(work=work, values=values, opened=opened, stamp=stamp, actor=person(request), page=page)
    if request.headers.get("Accept") == "application/json":
        return _told(request, work, saved)
    return _next_page(request, work, saved)


def _with_new_row(values: dict[str, Any], kind: str, data: Any) -> dict[str, Any]:
    """„Weitere Zeile“ without a script."""
    for table in FORMS[kind].table_list():
        if table.name == data.get("add"):
            values[table.name].append(blank_row(table))
    return values


def _next_page(request: HttpRequest, work: Work, saved: drafts.Saved) -> HttpResponse:
    if saved.waiting:
        return redirect(work.url("merge"))
    if request.POST.get("next") in {"review", "preview"}:
        return redirect(work.url(request.POST["next"]))
    table = request.POST.get("add", "")
    if table in table_names(work.kind):
        return redirect(f"{work.url('edit')}#tabelle-{table}")
    messages.success(request, _("Gespeichert um %(time)s Uhr.") % {"time": _now()})
    return redirect(work.url("edit"))


def _told(request: HttpRequest, work: Work, saved: drafts.Saved) -> JsonResponse:
    """The answer to the script: what is stored now, and who else is here."""
    others = note_presence(work.url("edit"), person(request))
    if saved.waiting:
        return JsonResponse({"merge": work.url("merge"), "others": others}, status=CONFLICT)
    fresh = Work(work.kind, work.record, saved.draft)
    hints = hints_of(content_with_hints(fresh, fresh.text))
    return JsonResponse({"stamp": fresh.stamp, "time": _now(), "others": others, "hints": hints})


def _now() -> str:
    return date_format(timezone.localtime(), "H:i")


def _editor(request: HttpRequest, work: Work, values: dict[str, Any], *, sent: QueryDict | None = None) -> HttpResponse:
    """The page; ``sent``: what had been sent from it before the person had to sign in again."""
    kept = sent or QueryDict()
    content = content_with_hints(work, values, whole="pruefen" in request.GET)
    context = {
        "work": work,
        "sections": _sections(content),
        "translations": _translations(content, work.outdated()),
        "stamp": kept.get("stamp") or work.stamp,
        "page": kept.get("page") or secrets.token_urlsafe(16),
        "opened": kept.get("opened") or urlencode(list(data_of(work.text, work.kind).lists()), doseq=True),
        "others": note_presence(work.url("edit"), person(request)),
        "waiting": _waits(work, request),
        "is_kept": bool(sent),
        "trash_days": KEPT_FOR.days,
    }
    return render(request, "strategy/editing/draft_edit.html", context)


def _waits(work: Work, request: HttpRequest) -> bool:
    return bool(work.draft and work.draft.versions.filter(author=person(request)).exists())


def _sections(content: Content) -> list[dict[str, Any]]:
    """The sections with their boxes and tables, for the page."""
    form = content.form
    found = []
    for section in form.sections:
        rows = [[form[name] for name in ((box,) if isinstance(box, str) else box)] for box in section.boxes]
        tables = [content.tables[table.name] for table in section.tables]
        wrong = any(box.errors for row in rows for box in row) or any(
            form.errors for table in tables for form in table.counting
        )
        filled = sum(len(table.forms) for table in tables)
        found.append({"section": section, "rows": rows, "tables": tables, "is_open": wrong, "filled": filled})
    return found


def _translations(content: Content, outdated: set[str]) -> list[dict[str, Any]]:
    """Every translated text: the German one, and beside it the other languages."""
    form, right = content.form, content.text.get("still_right", [])
    found = []
    for name in form.translated:
        columns = [column for column in translated_columns((name,)) if german_of(column) == f"{name}_de"]
        others = [
            {"box": form[column], "name": column, "outdated": column in outdated, "right": column in right}
            for column in columns
        ]
        found.append({"german": form[f"{name}_de"], "others": others, "markdown": name in form.markdown})
    return found


@require_POST
@never_cache
@editors_only
def markdown_preview(request: HttpRequest) -> HttpResponse:
    """A text as the page will show it."""
    return HttpResponse(render_markdown(request.POST.get("text", "")[:LONGEST_PREVIEW]))


@require_POST
@on_work
def draft_recall(request: HttpRequest, work: Work) -> HttpResponse:
    """Take a submitted or scheduled draft back, to go on writing."""
    if work.draft:
        drafts.recall_draft(draft=work.draft, actor=person(request))
        messages.success(request, _("Der Entwurf ist wieder in Arbeit."))
    return redirect(work.url("edit"))


@require_http_methods(["GET", "POST"])
@on_work
def draft_discard(request: HttpRequest, work: Work) -> HttpResponse:
    """Throw the draft away, after a question."""
    if work.draft is None:
        return redirect("strategy:desk")
    if request.method == "POST":
        title = work.title
        drafts.discard_draft(draft=work.draft, actor=person(request))
        messages.success(request, _("Der Entwurf „%(title)s“ ist verworfen.") % {"title": title})
        return redirect("strategy:desk")
    return render(request, "strategy/editing/draft_discard.html", {"work": work})
