"""Addresses of results: public pages and files, and where the survey team works on them."""

from django.urls import path

from elbe_elster.participation.views import results, texts

urlpatterns = [
    path("beteiligung/umfragen/<slug:slug>/ergebnisse/", results.survey_results, name="survey-results"),
    path("beteiligung/umfragen/<slug:slug>/ergebnisse/<slug:name>.csv", results.results_file, name="results-file"),
    path("redaktion/umfragen/<slug:slug>/ergebnisse/", results.survey_tables, name="survey-tables"),
    path("redaktion/umfragen/<slug:slug>/ergebnisse/<slug:code>/", results.survey_table, name="survey-table"),
    path("redaktion/umfragen/<slug:slug>/texte/", texts.free_texts, name="survey-free-texts"),
    path("redaktion/umfragen/<slug:slug>/texte/<int:key>/", texts.text_review, name="text-review"),
    path("redaktion/umfragen/<slug:slug>/texte/themen/<int:pk>/", texts.topic_change, name="topic-change"),
    path("redaktion/umfragen/<slug:slug>/texte/abschliessen/", texts.reading_end, name="reading-end"),
    path("redaktion/umfragen/<slug:slug>/texte/<slug:code>/", texts.question_texts, name="question-texts"),
]
