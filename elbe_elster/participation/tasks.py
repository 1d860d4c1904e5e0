"""What the queue starts. Every task may run twice or at the same time as itself."""

from celery import shared_task

from elbe_elster.participation.actions.exporting import forget_exports, free_exports, run_export
from elbe_elster.participation.actions.importing import forget_imports
from elbe_elster.participation.actions.publishing import publish_due_results
from elbe_elster.participation.actions.shaking import shake_all
from elbe_elster.participation.actions.trash import empty_trash
from elbe_elster.participation.actions.turning import turn_pages
from elbe_elster.participation.actions.urn import empty_urns

EXPORT_SECONDS = 840  # less than the broker waits before it offers a task again (settings: visibility_timeout)


@shared_task(ignore_result=True)
def serve_surveys() -> None:
    """At every heartbeat: notice what began or ended, empty the urns that are due, publish announced results."""
    turn_pages()
    empty_urns()
    publish_due_results()


@shared_task(ignore_result=True)
def shake_urns() -> None:
    """Every few minutes: envelopes and contact wishes lose the order in which they came. Repeatable."""
    shake_all()


@shared_task(ignore_result=True)
def clear_trash() -> None:
    """A few times a day: delete drafts of surveys in the trash for 30 days, and files nobody took over in a day."""
    empty_trash()
    forget_imports()


@shared_task(ignore_result=True, time_limit=EXPORT_SECONDS)
def write_export(pk: int) -> None:
    """Write one file, unless somebody else does."""
    run_export(pk=pk)


@shared_task(ignore_result=True, time_limit=EXPORT_SECONDS)
def take_up_exports() -> None:
    """Every minute: files that nobody writes, because a worker died or the queue was away. Repeatable."""
    for pk in free_exports():
        run_export(pk=pk)


@shared_task(ignore_result=True)
def remove_old_exports() -> None:
    """Every quarter of an hour: files whose day is over."""
    forget_exports()
