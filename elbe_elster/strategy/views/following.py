"""Following by e-mail without an account. No page says whether an address is known; GET never changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from elbe_elster.legal.limits import too_many
from elbe_elster.snapshots.decorators import finished_page
from elbe_elster.strategy.actions import following
from elbe_elster.strategy.forms.following import FollowForm
from elbe_elster.strategy.models import Frequency, Subscription

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

UNPROCESSABLE, TOO_MANY, NOT_FOUND = 422, 429, 404
REQUESTS_AN_HOUR = 10  # from one range of addresses


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask to be told by e-mail. The answer is the same whether or not the address is known."""
    if request.method != "POST":
        return render(request, "strategy/follow.html", {"form": FollowForm(query=request.GET)})
    form = FollowForm(request.POST, query=request.GET)
    if not form.is_valid():
        return render(request, "strategy/follow.html", {"form": form}, status=UNPROCESSABLE)
    if form.from_a_program:
        return redirect("strategy:follow-requested")
    if too_many("follow", request.META.get("REMOTE_ADDR", ""), an_hour=REQUESTS_AN_HOUR):
        return render(request, "strategy/follow.html", {"form": form, "too_many": True}, status=TOO_MANY)
    given = {name: form.cleaned_data[name] for name in ("email", "frequency")}
    following.request_subscription(**given, **form.scope, language=get_language() or settings.LANGUAGE_CODE)
    return redirect("strategy:follow-requested")


@login_not_required
@finished_page
@require_safe
def follow_requested(request: HttpRequest) -> HttpResponse:
    """What comes next; nothing about anybody."""
    return render(request, "strategy/follow_requested.html")


@login_not_required
@finished_page
@require_safe
def follow_stopped(request: HttpRequest) -> HttpResponse:
    """Nothing is followed any more."""
    return render(request, "strategy/follow_stopped.html")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the first letter: shows a button; only pressing it agrees."""
    subscription = Subscription.objects.filter(token=token).select_related("measure", "action_field").first()
    if subscription is None:
        return _gone(request)
    if subscription.confirmed_at:
        return redirect("strategy:follow-manage", token=token)
    if not Subscription.objects.confirmable(timezone.now()).filter(pk=subscription.pk).exists():
        return _gone(request)
    if request.method != "POST":
        return _private(render(request, "strategy/follow_confirm.html", {"subscription": subscription}))
    if following.confirm_subscription(subscription=subscription):
        messages.success(request, _("Bestätigt. Ab jetzt schreiben wir Ihnen, wenn es etwas Neues gibt."))
    return redirect("strategy:follow-manage", token=token)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_manage(request: HttpRequest, token: str) -> HttpResponse:
    """What an address follows and how often; to change and to stop. The token of one opens all of its address."""
    holder = Subscription.objects.confirmed().filter(token=token).first()
    if holder is None:
        return _gone(request)
    own = Subscription.objects.of_address(holder.email).confirmed().order_by("pk")
    if request.method != "POST":
        rows = own.select_related("measure", "action_field")
        return _private(
            render(request, "strategy/follow_manage.html", {"rows": rows, "choices": Frequency.choices, "token": token})
        )
    if "stop-all" in request.POST or request.POST.get("stop"):
        chosen = own if "stop-all" in request.POST else own.filter(pk__in=_keys(request.POST["stop"]))
        following.stop_subscriptions(subscriptions=chosen)
        messages.success(request, _("Abbestellt."))
    elif following.change_frequencies(subscriptions=own, frequencies=_frequencies(request, own)):
        messages.success(request, _("Gespeichert."))
    left = own.filter(token=token).first() or own.first()
    return redirect("strategy:follow-manage", token=left.token) if left else redirect("strategy:follow-stopped")


def _keys(said: str) -> list[int]:
    return [int(said)] if said.isascii() and said.isdigit() and len(said) < 19 else []  # noqa: PLR2004 - of a bigint


def _frequencies(request: HttpRequest, own: Any) -> dict[int, str]:
    said = {row.pk: request.POST.get(f"frequency-{row.pk}", "") for row in own}
    return {key: frequency for key, frequency in said.items() if frequency in Frequency.values}


@csrf_exempt
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_stop(request: HttpRequest, signed: str) -> HttpResponse:
    """One click in a mail program (RFC 8058): POST ends the subscriptions of that letter, again and again the same.

    Mail programs send no cookies and follow no redirect, so there is neither a token nor a second page. GET shows a form.
    """
    try:
        found = Subscription.objects.signed(signed)
    except BadSignature:
        raise Http404 from None
    if request.method != "POST":
        rows = list(found.select_related("measure", "action_field").order_by("pk"))
        page = "strategy/follow_stop.html" if rows else "strategy/follow_stopped.html"
        return _private(render(request, page, {"rows": rows}))
    following.stop_subscriptions(subscriptions=found)
    return _private(render(request, "strategy/follow_stopped.html"))


def _private(response: HttpResponse) -> HttpResponse:
    """Not for search engines."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    """The link is no longer good, or never was."""
    return _private(render(request, "strategy/follow_gone.html", status=NOT_FOUND))
