"""For every test of participation: nobody was counted before, and tests may fill in faster than people."""

from __future__ import annotations

import pytest

from elbe_elster.participation.filling import counting, guards


@pytest.fixture(autouse=True)
def _quick_people(monkeypatch: pytest.MonkeyPatch) -> None:
    counting.counts.forget()
    monkeypatch.setattr(guards, "QUICKEST", 0)
    monkeypatch.setattr(guards, "SECONDS_AN_ANSWER", 0)
