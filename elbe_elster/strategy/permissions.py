"""Who may do what with measures and project profiles. Default deny; lists ask the QuerySets, these ask for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from elbe_elster.accounts.models import Role, User

from .models import Measure, ProjectProfile, Publication
from .models.measures import EDITORS, EVERYWHERE

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from elbe_elster.region.models import Administration

    Viewer = User | AnonymousUser


def is_editor(user: Viewer) -> bool:
    """Whether the person works on the catalogue at all."""
    return isinstance(user, User) and user.is_active and user.has_role(*EDITORS)


def can_see_measure(user: Viewer, measure: Measure) -> bool:
    """The public sees published measures; editors see drafts as well. Equals ``visible_to``."""
    return measure.trashed_at is None and (measure.is_visible or is_editor(user))


def can_see_profile(user: Viewer, profile: ProjectProfile) -> bool:
    """A profile shows with its measure only. Equals ``visible_to``."""
    if profile.trashed_at is not None or profile.measure.trashed_at is not None:
        return False
    return (profile.is_visible and profile.measure.is_visible) or is_editor(user)


def can_edit_measure(user: Viewer, measure: Measure) -> bool:
    """Publishers and admins all, curators what is entrusted to them. Equals ``editable_by`` (one query)."""
    return Measure.objects.editable_by(user).filter(pk=measure.pk).exists()


def can_edit_profile(user: Viewer, profile: ProjectProfile) -> bool:
    """Whoever edits the measure edits its profiles. Equals ``editable_by`` (one query)."""
    return ProjectProfile.objects.editable_by(user).filter(pk=profile.pk).exists()


def can_add_measure(user: Viewer) -> bool:
    """Everybody who works on the catalogue; the public sees it after approval only."""
    return is_editor(user)


def can_publish(user: Viewer) -> bool:
    """Four eyes: publishers and admins approve, publish, withdraw, and change what is public at once."""
    return isinstance(user, User) and user.is_active and user.has_role(*EVERYWHERE)


def can_trash(user: Viewer, record: Measure | ProjectProfile) -> bool:
    """Into the trash and out of it: what the public sees, or would see again, only who publishes."""
    rows = Measure.objects if isinstance(record, Measure) else ProjectProfile.objects
    entrusted = rows.entrusted_to(user).filter(pk=record.pk).exists()
    return bool(entrusted and may_hide(user, record))


def may_hide(user: Viewer, record: Measure | ProjectProfile) -> bool:
    """Of what is entrusted to the person anyway: whether they may take it out of sight, or back (no query)."""
    return can_publish(user) or record.publication != Publication.PUBLISHED


def can_tell_stage(user: Viewer, administration: Administration) -> bool:
    """Whoever sits for the administration today, and admins. Nobody tells the stage of another administration."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.has_role(Role.ADMIN):
        return True
    holds = (holder.seat.administration_id == administration.pk for holder in user.current_seats)
    return user.has_role(Role.REPRESENTATIVE) and any(holds)
