"""Addresses of the strategy."""

from django.urls import path

from elbe_elster.strategy.views import catalogue, desk, exchange, figures, profiles, strategy

app_name = "strategy"
urlpatterns = [
    path("strategie/", strategy.strategy_detail, name="strategy-detail"),
    path("handlungsfelder/", strategy.action_field_list, name="action_field-list"),
    path("handlungsfelder/<slug:slug>/", strategy.action_field_detail, name="action_field-detail"),
    path("massnahmen/", catalogue.measure_list, name="measure-list"),
    path("massnahmen.csv", exchange.measure_csv, name="measure-csv"),
    path("massnahmen.xlsx", exchange.measure_xlsx, name="measure-xlsx"),
    path("massnahmen.json", exchange.measure_json, name="measure-json"),
    path("massnahmen.atom", exchange.measure_atom, name="measure-atom"),
    path("massnahmen/<slug:slug>/", catalogue.measure_detail, name="measure-detail"),
    path("fahrplan/", figures.roadmap, name="roadmap"),
    path("fahrplan.svg", figures.roadmap_file, name="roadmap-file"),
    path("stand/", figures.overview, name="overview"),
    path("projekte/", profiles.profile_list, name="profile-list"),
    path("projekte/<slug:slug>/", profiles.profile_detail, name="profile-detail"),
    path("redaktion/massnahmen/", desk.desk, name="desk"),
    path("redaktion/massnahmen/sammel/", desk.bulk_edit, name="bulk-edit"),
    path("redaktion/massnahmen/pruefen/", desk.check_round, name="check-round"),
    path("redaktion/massnahmen/pruefen/nichts-geaendert/", desk.check_confirm, name="check-confirm"),
    path("redaktion/massnahmen/pruefen/zurueck/", desk.check_undo, name="check-undo"),
    path("redaktion/massnahmen/betreuung/", desk.curation, name="curation"),
]
