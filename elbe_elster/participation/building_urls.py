"""Addresses of the editor of surveys, below the address of one survey."""

from django.urls import path

from elbe_elster.participation.views import building, conditions, desk, questions, translating

CONDITIONS = {
    "page-condition": "teil/<slug:page>",
    "question-condition": "frage/<slug:question>",
    "option-condition": "frage/<slug:question>/antwort/<slug:option>",
    "item-condition": "frage/<slug:question>/zeile/<slug:item>",
}

urlpatterns = [
    path("bearbeiten/", building.survey_structure, name="survey-structure"),
    path("bearbeiten/umstellen/", building.survey_rearrange, name="survey-rearrange"),
    path("bearbeiten/rueckgaengig/", building.survey_undo, name="survey-undo"),
    path("bearbeiten/teil/", building.page_add, name="page-add"),
    path("bearbeiten/teil/<slug:code>/", building.page_edit, name="page-edit"),
    path("bearbeiten/frage/", questions.question_add, name="question-add"),
    path("bearbeiten/frage/<slug:code>/", questions.question_edit, name="question-edit"),
    path("bearbeiten/frage/<slug:code>/art/", questions.kind_edit, name="kind-edit"),
    *(
        path(f"bearbeiten/{place}/bedingung/", conditions.condition_edit, name=name)
        for name, place in CONDITIONS.items()
    ),
    path("sprachen/", translating.survey_translations, name="survey-translations"),
    path("angaben/", desk.survey_settings, name="survey-settings"),
    path("papierkorb/", desk.survey_trash, name="survey-trash"),
    path("wiederherstellen/", desk.survey_restore, name="survey-restore"),
]
