"""Celery: one app for worker and beat. What is due is a question to the database, beat is only a heartbeat."""

import logging.config
import os
from typing import Any

from celery import Celery, signals
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

from elbe_elster.outbox import heartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elbe_elster.settings")

app = Celery("elbe_elster")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
app.steps["worker"].add(heartbeat.WorkerSignOfLife)
app.conf.beat_schedule = {
    "heartbeat": {
        "task": "elbe_elster.outbox.tasks.beat_heart",
        "schedule": heartbeat.INTERVAL,
        "options": {"expires": heartbeat.INTERVAL},  # a backlog of heartbeats helps nobody
    },
    "finished-pages": {
        "task": "elbe_elster.snapshots.tasks.refresh_pages",
        "schedule": 2 * heartbeat.INTERVAL,  # seconds; less than snapshots.store.LONGEST
        "options": {"expires": heartbeat.INTERVAL},
    },
    "followers": {
        "task": "elbe_elster.strategy.tasks.serve_followers",
        "schedule": 2 * heartbeat.INTERVAL,  # seconds
        "options": {"expires": heartbeat.INTERVAL},
    },
    "files": {"task": "elbe_elster.strategy.tasks.remove_unclaimed_files", "schedule": 6 * 3600.0},  # seconds
    "tables": {"task": "elbe_elster.strategy.tasks.forget_uploaded_tables", "schedule": 900.0},  # seconds
    "search": {"task": "elbe_elster.search.tasks.rebuild_search", "schedule": 4 * 3600.0},  # seconds
    "scheduled-publication": {
        "task": "elbe_elster.strategy.tasks.publish_due",
        "schedule": heartbeat.INTERVAL,
        "options": {"expires": heartbeat.INTERVAL},
    },
    "surveys": {
        "task": "elbe_elster.participation.tasks.serve_surveys",
        "schedule": heartbeat.INTERVAL,
        "options": {"expires": heartbeat.INTERVAL},
    },
    "urns": {"task": "elbe_elster.participation.tasks.shake_urns", "schedule": 300.0},  # seconds
    "exports": {
        "task": "elbe_elster.participation.tasks.take_up_exports",
        "schedule": 60.0,  # seconds
        "options": {"expires": 60.0},
    },
    "old-exports": {"task": "elbe_elster.participation.tasks.remove_old_exports", "schedule": 900.0},  # seconds
    "survey-trash": {"task": "elbe_elster.participation.tasks.clear_trash", "schedule": 6 * 3600.0},  # seconds
    "trash": {"task": "elbe_elster.strategy.tasks.clear_trash", "schedule": 6 * 3600.0},  # seconds
    "keep-house": {"task": "elbe_elster.legal.tasks.keep_house", "schedule": 6 * 3600.0},  # seconds
}


@signals.setup_logging.connect
def use_the_portals_logging(**_: Any) -> None:
    """Worker and beat write the same lines as the web server. Without this hook Celery would write its own."""
    logging.config.dictConfig(settings.LOGGING)
