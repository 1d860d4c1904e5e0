"""Wishes to be contacted: a form of its own after the thanks; staff read, draw and delete. Joined with nothing."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from elbe_elster.participation.actions.contacts import add_contact_wish, delete_contact_wishes, draw_winners
from elbe_elster.participation.filling.counting import too_many
from elbe_elster.participation.forms.contacts import ContactForm, DrawForm
from elbe_elster.participation.models import ContactWish, Survey
from elbe_elster.participation.views.filling import leaves_no_trace
from elbe_elster.participation.views.staff import UNPROCESSABLE, on_survey
from elbe_elster.strategy.exchange.files import BOM, guarded

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

TOO_MANY = 429
WISHES_AN_HOUR = 30  # from one range of addresses


@require_http_methods(["GET", "HEAD", "POST"])
@leaves_no_trace
def survey_contact(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Leave a name and how to be reached. The page knows nothing about answers."""
    survey = get_object_or_404(Survey.objects.public().filter(contact_wish=True), slug=slug)
    if not survey.accepts_at(timezone.now()):
        return redirect(survey)
    form = ContactForm(request.POST if request.method == "POST" else None)
    context = {"survey": survey, "form": form, "too_many": False}
    if not form.is_bound:
        return render(request, "participation/gates/survey_contact.html", context)
    if not form.is_valid():
        return render(request, "participation/gates/survey_contact.html", context, status=UNPROCESSABLE)
    if not form.from_a_program:
        if too_many("contact", str(request.META.get("REMOTE_ADDR", "")), an_hour=WISHES_AN_HOUR):
            context["too_many"] = True
            return render(request, "participation/gates/survey_contact.html", context, status=TOO_MANY)
        add_contact_wish(survey=survey, name=form.cleaned_data["name"], contact=form.cleaned_data["contact"])
    return redirect("participation:survey-contact-thanks", survey.slug)


@require_safe
@leaves_no_trace
def survey_contact_thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """The wish has arrived."""
    survey = get_object_or_404(Survey.objects.public().filter(contact_wish=True), slug=slug)
    return render(request, "participation/gates/survey_contact_thanks.html", {"survey": survey})


@require_http_methods(["GET", "POST"])
@on_survey
def survey_contacts(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Who wants to hear from us, by address and not by arrival; POST draws some of them."""
    form = DrawForm(request.POST or None)
    wishes = list(ContactWish.objects.filter(survey=survey))
    drawn = draw_winners(survey=survey, count=form.cleaned_data["count"]) if form.is_bound and form.is_valid() else []
    context = {"survey": survey, "wishes": wishes, "form": form, "drawn": drawn}
    status = UNPROCESSABLE if form.is_bound and not form.is_valid() else 200
    return render(request, "participation/gates/survey_contacts.html", context, status=status)


@require_GET
@on_survey
def survey_contacts_csv(request: HttpRequest, survey: Survey) -> HttpResponse:  # noqa: ARG001 - Django calls with it
    """The same list as a file."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Name"), _("E-Mail-Adresse oder Telefonnummer")])
    wishes = ContactWish.objects.filter(survey=survey)
    writer.writerows([guarded(wish.name), guarded(wish.contact)] for wish in wishes)
    disposition = f'attachment; filename="kontakte-{survey.slug}.csv"'
    return HttpResponse(
        f"{BOM}{stream.getvalue()}".encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": disposition},
    )


@require_POST
@on_survey
def contact_delete(request: HttpRequest, survey: Survey, key: int) -> HttpResponse:
    """Delete one of them, because the person asked for it."""
    if delete_contact_wishes(survey=survey, key=key):
        messages.success(request, _("Der Kontakt ist gelöscht."))
    return redirect("participation:survey-contacts", survey.slug)


@require_http_methods(["GET", "POST"])
@on_survey
def contacts_delete(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Delete all of them, after asking."""
    wishes = ContactWish.objects.filter(survey=survey)
    if request.method == "POST":
        count = delete_contact_wishes(survey=survey)
        said = ngettext("%(n)d Kontakt ist gelöscht.", "%(n)d Kontakte sind gelöscht.", count) % {"n": count}
        messages.success(request, said)
        return redirect("participation:survey-contacts", survey.slug)
    return render(request, "participation/gates/contacts_delete.html", {"survey": survey, "count": wishes.count()})
