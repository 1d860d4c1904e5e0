"""Addresses of participation."""

from django.urls import path

from elbe_elster.participation.views import talks

app_name = "participation"
urlpatterns = [
    path("strategie/weg/", talks.process_detail, name="process-detail"),
    path("beteiligung/", talks.participation_overview, name="overview"),
    path("beteiligung/gespraeche/", talks.talk_list, name="talk-list"),
]
