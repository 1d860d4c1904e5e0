"""The languages texts exist in, and the columns they stand in."""

from __future__ import annotations

from django.conf import settings

COLUMNS = {language: language.replace("-", "_") for language in settings.MODELTRANSLATION_LANGUAGES}
