"""Celery: one app for worker and beat. What is due is a question to the database, beat is only a heartbeat."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elbe_elster.settings")

app = Celery("elbe_elster")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
