"""Addresses of the pages on which a survey is run; below ``redaktion/umfragen/<slug>/``."""

from django.urls import path

from elbe_elster.participation.views import breakdowns, previewing, running

urlpatterns = [
    path("lauf/", running.survey_run, name="survey-run"),
    path("fassungen/", running.survey_versions, name="survey-versions"),
    path("kopie/", running.survey_copy, name="survey-copy"),
    path("vorschau/", previewing.survey_preview, name="survey-preview"),
    path("vorschau/blatt/", previewing.survey_preview_sheet, name="survey-preview-sheet"),
    path("probe/", previewing.survey_test, name="survey-test"),
    path("gliederung/", breakdowns.survey_breakdowns, name="survey-breakdowns"),
    path("gliederung/<int:pk>/", breakdowns.survey_breakdown, name="survey-breakdown"),
]
