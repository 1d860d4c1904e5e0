"""Everything public about one project, gathered for its one-page sheet (Projektsteckbrief)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from .models import ChronicleEntry, Document, Image, Milestone, ProjectProfile
from .money import public_costs, public_funding
from .steps import StepGroup, step_groups, steps_reached

if TYPE_CHECKING:
    import datetime as dt

    from elbe_elster.region.models import Administration

    from .models import CostRow, Deviation, FundingRow, Resolution


@dataclass(frozen=True)
class ProfileSheet:
    """One project on one page. Nothing in here is internal."""

    profile: ProjectProfile
    steps: list[StepGroup]
    reached: int
    counted: int
    costs: list[CostRow]
    fundings: list[FundingRow]
    administrations: list[Administration]
    resolutions: list[Resolution]
    deviations: list[Deviation]
    documents: list[Document]
    images: list[Image]
    entries: list[ChronicleEntry]


def profile_sheet(profile: ProjectProfile, today: dt.date | None = None) -> ProfileSheet:
    """Gather a public profile that came ``for_list()`` (nine queries, whatever it holds)."""
    groups = step_groups(Milestone.objects.public().filter(profile=profile), today)
    reached, counted = steps_reached(groups)
    return ProfileSheet(
        profile=profile,
        steps=groups,
        reached=reached,
        counted=counted,
        costs=list(public_costs().filter(profile=profile)),
        fundings=list(public_funding().filter(profile=profile)),
        administrations=list(profile.administrations.all()),
        resolutions=list(profile.resolutions.all()),
        deviations=list(profile.deviations.all()),
        documents=cast("list[Document]", list(Document.objects.public().filter(profile=profile))),
        images=cast("list[Image]", list(Image.objects.public().filter(profile=profile))),
        entries=list(ChronicleEntry.objects.public().filter(profile=profile).newest_first()),
    )
