"""Hands out documents and images to those who may see their record; pages on which staff upload and release them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from elbe_elster.strategy.actions.files import (
    add_document,
    add_image,
    describe_file,
    may_release,
    release_file,
    remove_file,
    waiting_files,
)
from elbe_elster.strategy.drafting.work import Work
from elbe_elster.strategy.forms.files import DocumentForm, DocumentWordsForm, ImageForm, ImageWordsForm
from elbe_elster.strategy.models import Document, Image, Measure, ProjectProfile
from elbe_elster.strategy.permissions import can_publish
from elbe_elster.strategy.views.staff import editors_only, person

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from elbe_elster.strategy.models import FileQuerySet

    Record = Measure | ProjectProfile
    Row = Document | Image

UNPROCESSABLE = 422
KINDS: dict[str, Any] = {"dokument": Document, "bild": Image}
NEW_FORMS: dict[str, Any] = {"dokument": DocumentForm, "bild": ImageForm}
WORDS_FORMS: dict[str, Any] = {"dokument": DocumentWordsForm, "bild": ImageWordsForm}
CAGE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # should a browser ever show a file as a page


@login_not_required
@require_safe
def document(request: HttpRequest, pk: int, filename: str = "") -> HttpResponseBase:
    """A document to keep, never to open inside the portal."""
    row = _visible(Document.objects.all(), request, pk)
    if filename not in ("", row.file_name):
        raise Http404
    return _handed_out(request, row, row.file, media_type=row.media_type, download=True)


@login_not_required
@require_safe
def image(request: HttpRequest, pk: int, *, small: bool = False) -> HttpResponseBase:
    """A picture, large or small."""
    row = _visible(Image.objects.all(), request, pk)
    return _handed_out(request, row, row.small if small else row.file)


def _visible(rows: FileQuerySet, request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(rows.visible_to(request.user).select_related("measure", "profile__measure"), pk=pk)


def _handed_out(
    request: HttpRequest, row: Row, file: FieldFile, *, media_type: str | None = None, download: bool = False
) -> HttpResponseBase:
    """The file, kept by nobody without asking again: a withdrawn record takes its files along at once."""
    etag = f'"{str(file.name).rsplit("/", maxsplit=1)[-1]}"'  # made anew with every upload
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # compressed inside already
    if unchanged := get_conditional_response(request, etag=etag):
        return _guarded(unchanged, row, etag)
    try:
        opened = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, as_attachment=download, filename=row.file_name, content_type=media_type)
    if media_type is None:
        response.headers["Content-Type"] = _image_type(str(file.name))
    return _guarded(response, row, etag)


def _guarded(response: HttpResponseBase, row: Row, etag: str) -> HttpResponseBase:
    seen_by_all = row.public
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache" if seen_by_all else "private, no-store"
    response.headers["Content-Security-Policy"] = CAGE
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _image_type(name: str) -> str:
    return {"jpg": "image/jpeg", "png": "image/png"}.get(name.rsplit(".", maxsplit=1)[-1], "image/webp")


# Staff -------------------------------------------------------------------------


@require_GET
@editors_only
def file_list(request: HttpRequest, key: str, *, profiles: bool = False) -> HttpResponse:
    """Files of a measure or profile: what is released, what waits."""
    record = _record(request, key, profiles=profiles)
    user = person(request)
    context = {
        "images": record.images.all(),
        "documents": record.documents.all(),
        "may_publish": can_publish(user),
        "waiting": waiting_files(record),
        "own": [*record.images.uploaded_by(user), *record.documents.uploaded_by(user)],
        "work": Work.on_record(record),
        **_ways(record),
    }
    return render(request, "strategy/file_list.html", context)


@require_http_methods(["GET", "POST"])
@editors_only
def file_add(request: HttpRequest, key: str, kind: str, *, profiles: bool = False) -> HttpResponse:
    """Upload a document or a picture; released later, by whoever may."""
    if kind not in KINDS:
        raise Http404
    record = _record(request, key, profiles=profiles)
    form = NEW_FORMS[kind](request.POST, request.FILES) if request.method == "POST" else NEW_FORMS[kind]()
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        return render(request, "strategy/file_form.html", {"form": form, "kind": kind, **_ways(record)}, status=status)
    values = {name: value for name, value in form.cleaned_data.items() if name != "file"}
    given = {"record": record, "file": form.cleaned_data["file"], "values": values, "actor": person(request)}
    if kind == "bild":
        add_image(**given, finished=form.finished)
    else:
        add_document(**given)
        if form.seems_untagged:
            messages.warning(request, _("Die PDF-Datei hat keine Auszeichnungen (Tags). Prüfen Sie, ob sie wirklich barrierefrei ist."))  # fmt: skip
    messages.success(request, _("Hochgeladen. Öffentlich wird die Datei erst mit der Freigabe: Legen Sie sie vor."))
    return redirect(_ways(record)["list_url"])


@require_http_methods(["GET", "POST"])
@editors_only
def file_edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Change the words about a file."""
    row = _editable(request, kind, pk)
    form = WORDS_FORMS[kind](request.POST if request.method == "POST" else None, instance=row)
    if form.is_valid():
        describe_file(row=row, values=form.cleaned_data, actor=person(request))
        messages.success(request, _("Gespeichert."))
        return redirect(_ways(row.record)["list_url"])
    context = {"form": form, "kind": kind, "row": row, **_ways(row.record)}
    return render(request, "strategy/file_form.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
@editors_only
def file_release(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show a file to everybody, or hide it again."""
    if not can_publish(request.user):
        raise PermissionDenied(_("Eine Datei gibt frei, wer Maßnahmen freigeben darf."))
    row = _editable(request, kind, pk)
    if "freigeben" in request.POST and not may_release(person(request), row):
        raise PermissionDenied(_("Freigeben muss jemand anders: Wer hochlädt, gibt nicht selbst frei."))
    release_file(row=row, public="freigeben" in request.POST, actor=person(request))
    messages.success(
        request, _("Die Datei ist freigegeben.") if row.public else _("Die Datei ist nicht mehr öffentlich.")
    )
    return redirect(_ways(row.record)["list_url"])


@require_http_methods(["GET", "POST"])
@editors_only
def file_remove(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Ask, then delete a file for good."""
    row = _editable(request, kind, pk)
    ways = _ways(row.record)
    if request.method != "POST":
        return render(request, "strategy/file_remove.html", {"row": row, "kind": kind, **ways})
    remove_file(row=row, actor=person(request))
    messages.success(request, _("Die Datei ist gelöscht."))
    return redirect(ways["list_url"])


def _record(request: HttpRequest, key: str, *, profiles: bool) -> Record:
    """The record if the person edits it; seen but not entrusted is refused, hidden does not exist."""
    seen: Record
    if profiles:
        seen = get_object_or_404(ProjectProfile.objects.visible_to(request.user), slug=key)
        mine = ProjectProfile.objects.editable_by(request.user).filter(pk=seen.pk).exists()
    else:
        seen = get_object_or_404(Measure.objects.visible_to(request.user), number=key)
        mine = Measure.objects.editable_by(request.user).filter(pk=seen.pk).exists()
    if not mine:
        raise PermissionDenied(_("Diese Maßnahme ist Ihnen nicht anvertraut."))
    return seen


def _editable(request: HttpRequest, kind: str, pk: int) -> Any:
    """The file if the person edits its record; what is public is changed only by those who release."""
    if kind not in KINDS:
        raise Http404
    row = get_object_or_404(KINDS[kind].objects.visible_to(request.user).select_related("measure", "profile"), pk=pk)
    if not KINDS[kind].objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied(_("Diese Maßnahme ist Ihnen nicht anvertraut."))
    if row.public and not can_publish(request.user):
        raise PermissionDenied(_("Was öffentlich ist, ändert nur, wer Maßnahmen freigeben darf."))
    return row


def _ways(record: Record) -> dict[str, Any]:
    """Addresses for the pages of one record."""
    if isinstance(record, ProjectProfile):
        key, name = record.slug, "profile"
    else:
        key, name = record.number, "measure"
    adds = {kind: reverse(f"strategy:{name}-file-add", args=[key, kind]) for kind in KINDS}
    return {"record": record, "list_url": reverse(f"strategy:{name}-files", args=[key]), "add_urls": adds}
