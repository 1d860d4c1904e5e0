"""What the queue starts. Every task may run twice or at the same time as itself."""

from celery import shared_task

from elbe_elster.strategy.actions import importing
from elbe_elster.strategy.actions.files import sweep_files
from elbe_elster.strategy.actions.following import forget_unconfirmed
from elbe_elster.strategy.actions.publishing import publish_due_drafts
from elbe_elster.strategy.actions.telling import tell_followers
from elbe_elster.strategy.actions.trash import empty_trash
from elbe_elster.strategy.models import ImportState, TableImport


@shared_task(ignore_result=True)
def serve_followers() -> None:
    """At every heartbeat: tell who is to be told, forget who never answered."""
    tell_followers()
    forget_unconfirmed()


@shared_task(ignore_result=True)
def forget_uploaded_tables() -> None:
    """Every quarter of an hour: tables that nobody took over within a day. Repeatable."""
    importing.forget_tables()


@shared_task(ignore_result=True)
def publish_due() -> None:
    """At every heartbeat: publish what was approved for a moment that has come. Repeatable: drafts are locked."""
    publish_due_drafts()


@shared_task(ignore_result=True)
def clear_trash() -> None:
    """A few times a day: delete what has been in the trash for 30 days. Repeatable."""
    empty_trash()


@shared_task(ignore_result=True)
def remove_unclaimed_files() -> None:
    """Several times a day: files whose row was never written or is gone."""
    sweep_files()


@shared_task(ignore_result=True)
def check_table(pk: int) -> None:
    """Look at a large table that somebody uploaded."""
    for table in TableImport.objects.filter(pk=pk, state=ImportState.WAITING):
        importing.check_import(table=table)


@shared_task(ignore_result=True)
def apply_table(pk: int) -> None:
    """Take a table over that changes much."""
    for table in TableImport.objects.filter(pk=pk, state=ImportState.APPLYING):
        try:
            importing.apply_import(table=table)
        except importing.ImportRefusedError as error:
            importing.fail_import(table=table, messages=error.messages)
