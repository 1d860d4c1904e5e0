"""Addresses of the circle."""

from django.urls import path

from elbe_elster.coordination import views

app_name = "coordination"
urlpatterns = [
    path("koordination/", views.circle_overview, name="overview"),
]
