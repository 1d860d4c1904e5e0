"""What the queue starts. Every task may run twice or at the same time as itself."""

from celery import shared_task

from elbe_elster.participation.actions.trash import empty_trash
from elbe_elster.participation.actions.turning import turn_pages
from elbe_elster.participation.actions.urn import empty_urns


@shared_task(ignore_result=True)
def serve_surveys() -> None:
    """At every heartbeat: notice what began or ended, then empty the urns that are due."""
    turn_pages()
    empty_urns()


@shared_task(ignore_result=True)
def clear_trash() -> None:
    """A few times a day: delete drafts of surveys that have been in the trash for 30 days."""
    empty_trash()
