"""Addresses of participation."""

from django.urls import include, path

from elbe_elster.participation import building_urls, gate_urls, results_urls, running_urls
from elbe_elster.participation.views import (
    batches,
    building,
    desk,
    exporting,
    filling,
    importing,
    paper,
    surveys,
    talks,
)

BATCHES = [
    path("", batches.batch_list, name="survey-batches"),
    path("<int:number>/", batches.batch_detail, name="survey-batch"),
    path("<int:number>/eingabe/", batches.sheet_add, name="survey-sheet-add"),
    path("<int:number>/bogen/<int:sheet>/", batches.sheet_edit, name="survey-sheet-edit"),
    path("<int:number>/bogen/<int:sheet>/loeschen/", batches.sheet_remove, name="survey-sheet-remove"),
    path("<int:number>/abschliessen/", batches.entry_close, name="survey-batch-close"),
    path("<int:number>/oeffnen/", batches.entry_reopen, name="survey-batch-reopen"),
    path("<int:number>/zweiteingabe/<int:sheet>/", batches.sheet_again, name="survey-sheet-again"),
    path("<int:number>/unterschiede/<int:sheet>/", batches.sheet_settle, name="survey-sheet-settle"),
    path("<int:number>/uebernehmen/", batches.batch_take_over, name="survey-batch-take-over"),
]

app_name = "participation"
urlpatterns = [
    path("strategie/weg/", talks.process_detail, name="process-detail"),
    path("beteiligung/", talks.participation_overview, name="overview"),
    path("beteiligung/gespraeche/", talks.talk_list, name="talk-list"),
    path("beteiligung/umfragen/", surveys.survey_list, name="survey-list"),
    path("beteiligung/umfragen/<slug:slug>/", surveys.survey_detail, name="survey-detail"),
    path("beteiligung/umfragen/<slug:slug>/ausfuellen/", filling.survey_fill, name="survey-fill"),
    path("beteiligung/umfragen/<slug:slug>/weiter/", filling.survey_resume, name="survey-resume"),
    path("beteiligung/umfragen/<slug:slug>/danke/", filling.survey_thanks, name="survey-thanks"),
    path("redaktion/umfragen/", desk.survey_desk, name="survey-desk"),
    path("redaktion/umfragen/neu/", desk.survey_add, name="survey-add"),
    path("redaktion/umfragen/uebernahme/", importing.survey_import, name="survey-import"),
    path("redaktion/umfragen/uebernahme/<int:pk>/", importing.survey_import_detail, name="survey-import-detail"),
    path(
        "redaktion/umfragen/uebernahme/<int:pk>/fragen/",
        importing.survey_import_preview,
        name="survey-import-preview",
    ),
    path(
        "redaktion/umfragen/uebernahme/<int:pk>/uebernehmen/",
        importing.survey_import_apply,
        name="survey-import-apply",
    ),
    path("redaktion/umfragen/<slug:slug>/xlsform/", importing.survey_xlsform, name="survey-xlsform"),
    path("redaktion/umfragen/<slug:slug>/ausfuhr/", exporting.survey_export, name="survey-export"),
    path("redaktion/umfragen/<slug:slug>/ausfuhr/<int:pk>/anhalten/", exporting.export_cancel, name="export-cancel"),
    path("redaktion/umfragen/<slug:slug>/ausfuhr/<int:pk>/datei/", exporting.export_file, name="export-file"),
    path("beteiligung/umfragen/<slug:slug>/fragebogen.pdf", paper.survey_form, name="survey-form"),
    path(
        "beteiligung/umfragen/<slug:slug>/fragebogen-grosse-schrift.pdf",
        paper.survey_form,
        {"large": True},
        name="survey-form-large",
    ),
    path("redaktion/umfragen/<slug:slug>/papier/", paper.survey_paper, name="survey-paper"),
    path("redaktion/umfragen/<slug:slug>/papier/<slug:language>.pdf", paper.paper_pdf, name="survey-paper-pdf"),
    path("redaktion/umfragen/<slug:slug>/stapel/", include(BATCHES)),
    path("redaktion/umfragen/<slug:slug>/", include(running_urls)),
    *gate_urls.urlpatterns,
    *results_urls.urlpatterns,
    path("redaktion/umfragen/<slug:slug>/", include(building_urls.urlpatterns)),
    # last, because it would take the addresses of the desk itself
    path("redaktion/umfragen/<slug:slug>/", building.survey_home, name="survey-home"),
]
