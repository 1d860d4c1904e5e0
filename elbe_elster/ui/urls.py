"""Addresses of the look."""

from django.urls import path

from elbe_elster.ui import views

app_name = "ui"
urlpatterns = [path("stilbuch/", views.style_page, name="style-page")]
