"""Celery: one app for worker and beat. What is due is a question to the database, beat is only a heartbeat."""

import os

from celery import Celery

from elbe_elster.outbox import heartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elbe_elster.settings")

app = Celery("elbe_elster")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(heartbeat.WorkerSignOfLife)
app.conf.beat_schedule = {
    "heartbeat": {
        "task": "elbe_elster.outbox.tasks.beat_heart",
        "schedule": heartbeat.INTERVAL,
        "options": {"expires": heartbeat.INTERVAL},  # a backlog of heartbeats helps nobody
    },
}
