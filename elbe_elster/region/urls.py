"""Addresses of the region."""

from django.urls import path

from elbe_elster.region import views

app_name = "region"
urlpatterns = [
    path("kommunen/", views.administration_list, name="administration-list"),
]
