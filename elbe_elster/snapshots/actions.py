"""Finished pages become stale when something they show was written."""

from __future__ import annotations

from django.db import transaction

from elbe_elster.snapshots import store


def mark_stale() -> None:
    """Once the transaction is committed: no page rendered before now is served again.

    Every action that writes something public calls it. Repeatable.
    """
    transaction.on_commit(store.raise_version, robust=True)
