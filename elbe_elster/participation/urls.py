"""Addresses of participation."""

from django.urls import path

from elbe_elster.participation import views

app_name = "participation"
urlpatterns = [
    path("strategie/weg/", views.process_detail, name="process-detail"),
    path("beteiligung/", views.participation_overview, name="overview"),
    path("beteiligung/gespraeche/", views.talk_list, name="talk-list"),
]
