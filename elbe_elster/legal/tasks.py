"""Celery shells of legal. What is due is a question to the database."""

from celery import shared_task

from elbe_elster.legal import actions
from elbe_elster.legal.retention import apply_retention


@shared_task
def keep_house() -> None:
    """Once a day: delete what is over its time, and remind of the yearly review. Repeatable."""
    apply_retention()
    actions.remind_of_review()
