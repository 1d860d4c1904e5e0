"""What the queue starts. Every task may run twice or at the same time as itself."""

from celery import shared_task

from elbe_elster.strategy.actions.following import forget_unconfirmed
from elbe_elster.strategy.actions.telling import tell_followers


@shared_task(ignore_result=True)
def serve_followers() -> None:
    """At every heartbeat: tell who is to be told, forget who never answered."""
    tell_followers()
    forget_unconfirmed()
