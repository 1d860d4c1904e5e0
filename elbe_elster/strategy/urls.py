"""Addresses of the strategy."""

from django.urls import path

from elbe_elster.strategy.views import catalogue, desk, exchange, figures, following, news, profiles, stages, strategy

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
    path("neues/", news.news_list, name="news"),
    path("neues.atom", news.news_feed, name="news-feed"),
    path("handlungsfelder/<slug:slug>.atom", news.field_feed, name="field-feed"),
    path("massnahmen/<slug:slug>.atom", news.measure_feed, name="measure-feed"),
    path("neues/per-e-mail/", following.follow, name="follow"),
    path("neues/per-e-mail/angefragt/", following.follow_requested, name="follow-requested"),
    path("neues/per-e-mail/abbestellt/", following.follow_stopped, name="follow-stopped"),
    path("neues/per-e-mail/bestaetigen/<str:token>/", following.follow_confirm, name="follow-confirm"),
    path("neues/per-e-mail/verwalten/<str:token>/", following.follow_manage, name="follow-manage"),
    path("neues/per-e-mail/abbestellen/<str:signed>/", following.follow_stop, name="follow-stop"),
    path("kommunen/<slug:slug>/", stages.administration_detail, name="administration-detail"),
    path("kommunen/<slug:slug>/stand/", stages.stage_edit, name="stage-edit"),
]
