"""Addresses of the strategy."""

from django.urls import path

from elbe_elster.strategy import views

app_name = "strategy"
urlpatterns = [
    path("strategie/", views.strategy_detail, name="strategy-detail"),
    path("handlungsfelder/", views.action_field_list, name="action_field-list"),
    path("handlungsfelder/<slug:slug>/", views.action_field_detail, name="action_field-detail"),
]
