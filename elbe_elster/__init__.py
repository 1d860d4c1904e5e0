"""The roof of the portal: it puts the rooms together and is imported by none of them."""

from elbe_elster.celery import app as celery_app  # whoever uses the portal queues its tasks here, not elsewhere

__all__ = ["celery_app"]
