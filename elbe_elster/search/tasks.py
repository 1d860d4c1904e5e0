"""Celery shells of the search."""

from celery import shared_task

from elbe_elster.search.actions import rebuild_entries


@shared_task(ignore_result=True)
def rebuild_search() -> int:
    """A few times a day: put right what a write outside of the actions has left behind. Repeatable."""
    return rebuild_entries()
