from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from elbe_elster.participation.invitations import Invitation, invitations
from elbe_elster.participation.models import Access, ResponseCount
from tests.participation.answering import published, question, questionnaire

if TYPE_CHECKING:
    from tests.client import PortalClient

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def test_only_surveys_that_everybody_can_answer_now_are_told() -> None:
    document = questionnaire((question("car"),))
    opened = {"opens_at": NOW - dt.timedelta(days=3)}
    later = published(document, **opened, closes_at=NOW + dt.timedelta(days=20, hours=11))  # midnight here
    endless = published(document, **opened)
    sooner = published(document, **opened, closes_at=NOW + dt.timedelta(hours=1))
    published(document, **opened, closes_at=NOW)
    published(document, opens_at=NOW + dt.timedelta(seconds=1))
    published(document, **opened, access=Access.CODES)
    published(document, **opened, trashed_at=NOW)
    for survey, count in ((later, 9), (sooner, 10)):
        ResponseCount.objects.create(survey=survey, channel="online", day=NOW.date(), count=count)
    assert invitations(NOW) == [Invitation(sooner, 0, 10), Invitation(later, 20, None), Invitation(endless, None, None)]


def test_the_first_pages_invite_and_say_what_is_over(visitor: PortalClient) -> None:
    document = questionnaire((question("car"),))
    running = published(document, title_de="Wie kommen Sie zum Bus?")
    published(document, title_de="Vom letzten Jahr", closes_at=timezone.now())
    home = visitor.get("/").content.decode()
    assert "Wie kommen Sie zum Bus?" in home
    assert "Vom letzten Jahr" not in home
    overview = visitor.get("/beteiligung/")
    assert [invitation.survey for invitation in overview.context["invitations"]] == [running]
    assert [str(survey) for survey in overview.context["over"]] == ["Vom letzten Jahr"]
