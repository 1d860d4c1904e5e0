"""The working table: take it away, bring it back, look at what would change, take it over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from elbe_elster.strategy import tasks
from elbe_elster.strategy.actions import importing
from elbe_elster.strategy.exchange.grids import UnreadableError, read_grids
from elbe_elster.strategy.exchange.heads import foreign_head
from elbe_elster.strategy.exchange.working_file import working_file
from elbe_elster.strategy.forms.importing import MappingForm, TableForm
from elbe_elster.strategy.models import ImportState, TableImport
from elbe_elster.strategy.views.exchange import XLSX
from elbe_elster.strategy.views.staff import editors_only, person

if TYPE_CHECKING:
    from django.http import HttpRequest

UNPROCESSABLE, CONFLICT = 422, 409
MANY = 60  # measures; writing more takes longer than a person should wait for a page
PAGE = 50  # measures
SAMPLE = 5  # rows
SHOWN_ERRORS = 200


def _own(request: HttpRequest, pk: int) -> TableImport:
    """A file of this person; nobody sees those of others."""
    return get_object_or_404(TableImport.objects.of(person(request)), pk=pk)


@require_http_methods(["GET", "POST"])
@editors_only
def table_home(request: HttpRequest) -> HttpResponse:
    """Take the table away, or bring one."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = TableForm(*given)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            table = importing.upload_table(name=file.name, content=file.read(), owner=person(request))
        except UnreadableError as error:
            form.add_error("file", str(error))
        else:
            if table.state == ImportState.WAITING:
                tasks.check_table.delay_on_commit(table.pk)  # type: ignore[attr-defined]  # of Celery's Django tasks
            return redirect("strategy:table-detail", pk=table.pk)
    taken = TableImport.objects.of(person(request)).filter(state=ImportState.APPLIED).defer("content")[:5]
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "strategy/table_home.html", {"form": form, "taken": taken}, status=status)


@require_GET
@editors_only
def table_file(request: HttpRequest) -> HttpResponse:
    """The working table of now."""
    response = HttpResponse(working_file(person(request)), content_type=XLSX)
    name = f"massnahmen-arbeitstabelle-{timezone.localdate().isoformat()}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@editors_only
def table_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What taking over would change, how far it is, or what it did."""
    table = _own(request, pk)
    if table.state == ImportState.MAPPING:
        return redirect("strategy:table-mapping", pk=pk)
    working = table.state in (ImportState.WAITING, ImportState.APPLYING)
    if request.headers.get("HX-Request") and not working:
        return HttpResponse(headers={"HX-Refresh": "true"})
    plan: dict[str, Any] = table.plan
    measures = Paginator(plan.get("measures", []), PAGE).get_page(request.GET.get("seite"))
    errors = plan.get("errors", [])
    context = {"table": table, "plan": plan, "page": measures, "working": working}
    context |= {"errors": errors[:SHOWN_ERRORS], "more_errors": max(0, len(errors) - SHOWN_ERRORS)}
    return render(request, "strategy/table_detail.html", context)


@require_http_methods(["GET", "POST"])
@editors_only
def table_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column of somebody else's table is which of ours."""
    table = _own(request, pk)
    if table.state not in (ImportState.MAPPING, ImportState.CHECKED) or not table.content:
        return redirect("strategy:table-detail", pk=pk)
    head = foreign_head(read_grids(bytes(table.content)))
    remembered = importing.remembered_mapping(owner=person(request), newest=table)
    form = MappingForm(request.POST if request.method == "POST" else None, head=head, remembered=remembered)
    if request.method == "POST" and form.is_valid():
        importing.map_columns(table=table, mapping=form.mapping())
        if importing.is_large(table):
            tasks.check_table.delay_on_commit(table.pk)  # type: ignore[attr-defined]  # of Celery's Django tasks
        else:
            importing.check_import(table=table)
        return redirect("strategy:table-detail", pk=pk)
    sample = [cells for number, cells in head.grid.rows if number > head.row][:SAMPLE]
    context = {"table": table, "form": form, "columns": _columns(form, sample)}
    return render(request, "strategy/table_mapping.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _columns(form: MappingForm, sample: list[list[Any]]) -> list[dict[str, Any]]:
    return [
        {
            "field": form[f"column_{place}"],
            "header": header,
            "sample": [str(cells[place])[:80] for cells in sample if place < len(cells) and cells[place] is not None],
        }
        for place, header in form.headers.items()
    ]


@require_POST
@editors_only
def table_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over what was shown; if the catalogue has changed meanwhile, show it again."""
    table = _own(request, pk)
    if table.state != ImportState.CHECKED or table.plan.get("errors"):
        return redirect("strategy:table-detail", pk=pk)
    if len(table.plan["measures"]) > MANY:
        importing.begin_apply(table=table)
        tasks.apply_table.delay_on_commit(table.pk)  # type: ignore[attr-defined]  # of Celery's Django tasks
        return redirect("strategy:table-detail", pk=pk)
    if _applied(table):
        messages.success(request, _("Die Tabelle ist übernommen."))
    else:
        messages.warning(request, _("Nichts wurde übernommen. Sehen Sie sich die Tabelle noch einmal an."))
    return redirect("strategy:table-detail", pk=pk)


def _applied(table: TableImport) -> bool:
    try:
        with transaction.atomic():
            return importing.apply_import(table=table)
    except importing.ImportRefusedError as error:
        importing.fail_import(table=table, messages=error.messages)
        return False
