"""Documents and images: what may be uploaded, who sees it where, and that nothing of it stays behind."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from elbe_elster.accounts.models import Role
from elbe_elster.outbox.models import Letter
from elbe_elster.strategy.actions.files import (
    add_document,
    add_image,
    delete_files_of,
    release_file,
    release_files,
    sweep_files,
)
from elbe_elster.strategy.models import Curation, Document, Draft, Image
from tests.factories import MeasureFactory, ProjectProfileFactory, UserFactory

if TYPE_CHECKING:
    from elbe_elster.accounts.models import User
    from elbe_elster.strategy.models import Measure
    from tests.client import PortalClient
    from tests.conftest import SignIn
from tests.strategy.made_files import PDF, picture, upload

WORDS = {"title": "Bericht", "accessible": True, "credit": "Landkreis", "licence": "dl-de-by-2.0"}
IMAGE_WORDS = {"alt_de": "Ein Bus vor dem Rathaus", "credit": "Landkreis", "licence": "dl-de-by-2.0"}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def status(browser: PortalClient, path: str, *, head: bool = False, **headers: str) -> int:
    """The status of an answer read to its end, which closes the file."""
    response: Any = (browser.head if head else browser.get)(path, headers=headers)
    if response.streaming:
        list(response.streaming_content)
    return int(response.status_code)


def stored() -> list[str]:
    return sorted(default_storage.listdir("strategy")[1]) if default_storage.exists("strategy") else []


# Who sees it where -----------------------------------------------------------------


def with_files(measure: Measure, actor: User, *, public: bool = True) -> tuple[Document, Image]:
    document = add_document(record=measure, file=upload("bericht.pdf", PDF), values=WORDS, actor=actor)
    image = add_image(record=measure, file=upload("bus.jpg", picture()), values=IMAGE_WORDS, actor=actor)
    for row in (document, image):
        release_file(row=row, public=public, actor=actor)
    return document, image


STATES: dict[str, dict[str, Any]] = {
    "published": {},
    "draft": {"publication": "draft"},
    "withdrawn": {"publication": "withdrawn"},
    "trashed": {"trashed_at": timezone.now()},
}
PEOPLE = {"visitor": [], "member": [Role.REPRESENTATIVE], "circle": [Role.CIRCLE_OFFICE], "curator": [Role.CURATOR],
          "publisher": [Role.PUBLISHER], "admin": [Role.ADMIN]}  # fmt: skip
EDITING = {"curator", "publisher", "admin"}


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("released", [True, False])
def test_files_show_with_their_record(
    client: PortalClient,
    sign_in: SignIn,
    publisher: User,
    state: str,
    released: bool,  # noqa: FBT001
) -> None:
    document, image = with_files(MeasureFactory(**STATES[state]), publisher, public=released)
    paths = [f"/dokumente/{document.pk}/", f"/dokumente/{document.pk}/bericht.pdf", f"/bilder/{image.pk}/", f"/bilder/{image.pk}/klein/", f"/en/bilder/{image.pk}/klein/"]  # fmt: skip
    found, expected = {}, {}
    for person, roles in PEOPLE.items():
        browser = sign_in(UserFactory(roles=roles)) if roles else client
        sees = state != "trashed" and (person in EDITING or (state == "published" and released))
        for path in paths:
            for head in (False, True):
                found[person, path, head] = status(browser, path, head=head)
                expected[person, path, head] = 200 if sees else 404
    assert found == expected


@pytest.mark.django_db
def test_files_of_a_profile_need_the_measure_too(client: PortalClient, publisher: User) -> None:
    profile = ProjectProfileFactory()
    row = add_document(record=profile, file=upload("a.pdf", PDF), values=WORDS, actor=publisher)
    release_file(row=row, public=True, actor=publisher)
    assert status(client, f"/dokumente/{row.pk}/") == 200
    type(profile.measure).objects.filter(pk=profile.measure_id).update(publication="withdrawn")
    assert status(client, f"/dokumente/{row.pk}/") == 404


@pytest.mark.django_db
def test_a_file_comes_caged_and_is_kept_by_nobody(client: PortalClient, publisher: User) -> None:
    measure = MeasureFactory()
    document, image = with_files(measure, publisher)
    answer = client.get(f"/dokumente/{document.pk}/bericht.pdf", headers={"Accept-Encoding": "gzip"})
    small = client.get(f"/bilder/{image.pk}/klein/")
    names = (
        "Content-Type",
        "Content-Disposition",
        "Cache-Control",
        "X-Content-Type-Options",
        "Cross-Origin-Resource-Policy",
    )
    assert b"".join(cast("Any", answer).streaming_content) == PDF
    assert [answer.get(name) for name in names] == [
        *("application/pdf", 'attachment; filename="bericht.pdf"', "private, no-cache", "nosniff", "same-origin"),
    ]
    assert len(b"".join(cast("Any", small).streaming_content)) > 100
    assert [small.get(name) for name in names][:3] == ["image/webp", 'inline; filename="bus.jpg"', "private, no-cache"]
    assert answer["Content-Security-Policy"].endswith("; sandbox")
    again = {"If-None-Match": answer["ETag"]}
    assert client.get(f"/dokumente/{document.pk}/", headers=again).status_code == 304
    type(measure).objects.update(publication="withdrawn")
    for headers in (again, {"Range": "bytes=0-10"}, {"If-Modified-Since": "Mon, 01 Jan 2035 00:00:00 GMT"}):
        assert client.get(f"/dokumente/{document.pk}/", headers=headers).status_code == 404
    assert status(client, f"/dokumente/{document.pk}/anders.pdf") == 404
    assert status(client, f"/media/{document.file.name}") == 404
    assert status(client, f"/static/{document.file.name}") == 404


@pytest.mark.django_db
def test_a_file_that_was_lost_is_404(client: PortalClient, publisher: User) -> None:
    document, _image = with_files(MeasureFactory(), publisher)
    default_storage.delete(document.file.name)
    assert status(client, f"/dokumente/{document.pk}/") == 404


# Staff -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_curator_uploads_and_a_publisher_releases(
    sign_in: SignIn, curator: User, publisher: User, client: PortalClient
) -> None:
    measure = MeasureFactory(number="M-03")
    Curation.objects.create(user=curator, measure=measure)
    desk = sign_in(curator)
    form: dict[str, Any] = {**IMAGE_WORDS, "file": upload("bus.png", picture("PNG"))}
    assert desk.post("/redaktion/massnahmen/M-03/dateien/bild/", form).status_code == 302
    form = {**WORDS, "accessible": "on", "file": upload("bericht.pdf", PDF)}
    page = desk.post("/redaktion/massnahmen/M-03/dateien/dokument/", form, follow=True).content.decode()
    assert "hat keine Auszeichnungen" in page
    image, document = Image.objects.get(), Document.objects.get()
    assert (image.alt, image.width, image.public, document.title, document.public) == ("Ein Bus vor dem Rathaus", 1600, False, "Bericht", False)  # fmt: skip
    assert status(client, f"/bilder/{image.pk}/") == 404
    release = f"/redaktion/dateien/bild/{image.pk}/freigabe/"
    assert desk.post(release, {"freigeben": "1"}).status_code == 403
    assert sign_in(publisher).post(release, {"freigeben": "1"}).status_code == 302
    assert status(client, f"/bilder/{image.pk}/") == 200
    assert desk.post(f"/redaktion/dateien/bild/{image.pk}/loeschen/").status_code == 403  # public by now
    assert desk.get(f"/redaktion/dateien/dokument/{document.pk}/").status_code == 200
    assert desk.post(f"/redaktion/dateien/dokument/{document.pk}/", {**WORDS, "title": "Neu"}).status_code == 302
    assert desk.get(f"/redaktion/dateien/dokument/{document.pk}/loeschen/").status_code == 200
    assert desk.post(f"/redaktion/dateien/dokument/{document.pk}/loeschen/").status_code == 302
    assert (Document.objects.count(), len(stored())) == (0, 2)
    assert sign_in(publisher).post(release, {"sperren": "1"}).status_code == 302
    assert status(client, f"/bilder/{image.pk}/") == 404


@pytest.mark.django_db
def test_what_is_wrong_is_said_at_the_field(sign_in: SignIn, publisher: User) -> None:
    MeasureFactory(number="M-03")
    desk = sign_in(publisher)
    response = desk.post(
        "/redaktion/massnahmen/M-03/dateien/bild/", {"licence": "dl-de-by-2.0", "file": upload("a.jpg", b"<svg/>")}
    )
    said = {name: errors[0] for name, errors in response.context["form"].errors.items()}
    assert (response.status_code, said) == (
        422,
        {
            "file": "Diese Datei lässt sich nicht als Bild öffnen. Speichern Sie das Bild als JPEG und wählen Sie es neu aus.",
            "alt_de": "Beschreiben Sie in einem Satz, was auf dem Bild zu sehen ist.",
            "credit": "Schreiben Sie, wer das Bild gemacht hat.",
        },
    )
    empty = desk.post("/redaktion/massnahmen/M-03/dateien/dokument/", {})
    assert (empty.status_code, sorted(empty.context["form"].errors)) == (422, ["credit", "file", "licence", "title"])
    assert (Image.objects.count(), stored()) == (0, [])


@pytest.mark.django_db
def test_staff_pages_are_for_those_entrusted(
    client: PortalClient, sign_in: SignIn, curator: User, publisher: User, stranger: User
) -> None:
    measure = MeasureFactory(number="M-03")
    document, _image = with_files(measure, publisher, public=False)
    profile = ProjectProfileFactory(measure=measure, slug="rufbus")
    MeasureFactory(number="M-04", trashed_at=timezone.now())
    paths = ["/redaktion/massnahmen/M-03/dateien/", "/redaktion/massnahmen/M-03/dateien/bild/", f"/redaktion/projekte/{profile.slug}/dateien/", "/redaktion/projekte/rufbus/dateien/dokument/", f"/redaktion/dateien/dokument/{document.pk}/", f"/redaktion/dateien/dokument/{document.pk}/loeschen/"]  # fmt: skip
    people = {
        "visitor": client,
        "stranger": sign_in(stranger),
        "curator": sign_in(curator),
        "publisher": sign_in(publisher),
    }
    found = {name: {browser.get(path).status_code for path in paths} for name, browser in people.items()}
    assert found == {"visitor": {302}, "stranger": {403}, "curator": {403}, "publisher": {200}}
    Curation.objects.create(user=curator, measure=measure)
    assert {people["curator"].get(path).status_code for path in paths} == {200}
    gone = ["/redaktion/massnahmen/M-04/dateien/", "/redaktion/massnahmen/M-99/dateien/", "/redaktion/massnahmen/M-03/dateien/film/", f"/redaktion/dateien/film/{document.pk}/", "/redaktion/dateien/bild/999/"]  # fmt: skip
    assert {people["publisher"].get(path).status_code for path in gone} == {404}


# Nothing stays behind ----------------------------------------------------------------


@pytest.mark.django_db
def test_files_go_with_their_record_and_orphans_are_swept(
    publisher: User, django_capture_on_commit_callbacks: Any
) -> None:
    measure = MeasureFactory()
    with_files(measure, publisher)
    kept, _image = with_files(MeasureFactory(), publisher)
    profile = ProjectProfileFactory(measure=measure)
    add_document(record=profile, file=upload("a.pdf", PDF), values=WORDS, actor=publisher)
    assert len(stored()) == 7
    with django_capture_on_commit_callbacks(execute=True):
        delete_files_of(measure)
        assert len(stored()) == 7  # not before the commit
        profile.delete()
        measure.delete()
    assert len(stored()) == 3
    for name in ("alt.pdf", "neu.pdf"):
        (Path(default_storage.path("strategy")) / name).write_bytes(PDF)
    old = (timezone.now() - dt.timedelta(days=2)).timestamp()
    for name in ("alt.pdf", Path(kept.file.name).name):
        os.utime(default_storage.path(f"strategy/{name}"), (old, old))
    assert (sweep_files(), sweep_files()) == (1, 0)
    assert len(stored()) == 4


@pytest.mark.django_db
def test_publishing_a_record_releases_its_files(publisher: User) -> None:
    measure = MeasureFactory()
    with_files(measure, publisher, public=False)
    before, now = timezone.now() - dt.timedelta(hours=1), timezone.now()
    assert release_files(record=measure, actor=publisher, until=before) == 0  # nobody has looked at these
    assert [release_files(record=measure, actor=publisher, until=now) for _ in range(2)] == [2, 0]
    assert (Document.objects.public().count(), Image.objects.public().count()) == (1, 1)


@pytest.mark.django_db
def test_files_alone_go_the_way_of_four_eyes(
    sign_in: SignIn, curator: User, publisher: User, client: PortalClient
) -> None:
    measure = MeasureFactory(number="M-14", title_de="Rufbus")
    Curation.objects.create(user=curator, measure=measure)
    files, review = "/redaktion/massnahmen/M-14/dateien/", "/redaktion/massnahmen/M-14/freigabe/"
    mine, theirs = sign_in(curator), sign_in(publisher)
    nothing = mine.post(review, {"step": "submit"}, follow=True).content.decode()
    assert ("Es gibt nichts vorzulegen" in nothing, Draft.objects.count()) == (True, 0)
    assert "Zur Freigabe vorlegen" not in mine.get(files).content.decode()

    mine.post(f"{files}bild/", {**IMAGE_WORDS, "file": upload("bus.jpg", picture())})
    assert "noch nicht vorgelegt" in mine.get("/redaktion/massnahmen/").content.decode()
    for address in (files, review):
        assert "Zur Freigabe vorlegen" in mine.get(address).content.decode()
    assert mine.post(review, {"step": "submit"}).status_code == 302
    image = Image.objects.get()
    assert list(Letter.objects.values_list("subject", flat=True)) == ["Bitte freigeben: M-14 Rufbus"]
    assert "noch nicht vorgelegt" not in mine.get("/redaktion/massnahmen/").content.decode()
    mine.post(f"{files}dokument/", {**WORDS, "file": upload("zu-spaet.pdf", PDF)})
    late = Document.objects.get()

    shown = theirs.get("/redaktion/massnahmen/")
    assert [str(draft) for draft in shown.context["waiting"]] == ["M-14 Rufbus"]
    assert f'href="{review}"' in shown.content.decode()
    page = theirs.get(review)
    assert (page.context["images"], page.context["documents"], page.context["late_files"]) == ([image], [], [late])
    assert f'src="{image.small_url}"' in page.content.decode()
    assert status(client, image.get_absolute_url()) == 404
    assert mine.post(review, {"step": "publish"}).status_code == 403
    assert theirs.post(review, {"step": "publish"}).status_code == 302
    assert [status(client, row.get_absolute_url()) for row in (image, late)] == [200, 404]
    assert Draft.objects.count() == 0


@pytest.mark.django_db
def test_whoever_uploads_does_not_release_and_hidden_files_stay_hidden(sign_in: SignIn, publisher: User) -> None:
    measure = MeasureFactory(number="M-14")
    browser, other = sign_in(publisher), sign_in(UserFactory(roles=[Role.ADMIN]))
    browser.post("/redaktion/massnahmen/M-14/dateien/bild/", {**IMAGE_WORDS, "file": upload("bus.jpg", picture())})
    row = Image.objects.get()
    release = f"/redaktion/dateien/bild/{row.pk}/freigabe/"
    pages = [one.get("/redaktion/massnahmen/M-14/dateien/").content.decode() for one in (browser, other)]
    assert ['name="freigeben"' in page for page in pages] == [False, True]
    assert browser.post(release, {"freigeben": "1"}).status_code == 403
    assert other.post(release, {"freigeben": "1"}).status_code == 302
    assert browser.post(release, {"sperren": "1"}).status_code == 302
    assert release_files(record=measure, actor=None, until=timezone.now()) == 0  # hidden on purpose
