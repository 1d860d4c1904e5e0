"""Addresses of legal."""

from django.urls import path

from elbe_elster.legal import retention_views, staff_views, views
from elbe_elster.legal.models import LegalTextSlug

app_name = "legal"
urlpatterns = [
    path("impressum/", views.text_detail, {"slug": LegalTextSlug.IMPRINT.value}, name="imprint"),
    path("datenschutz/", views.text_detail, {"slug": LegalTextSlug.PRIVACY.value}, name="privacy"),
    path("leichte-sprache/", views.text_detail, {"slug": LegalTextSlug.EASY_READ.value}, name="easy-read"),
    path("barrierefreiheit/", views.statement_detail, name="statement-detail"),
    path("barrierefreiheit.json", views.statement_json, name="statement-json"),
    path("barriere-melden/", views.report_create, name="report-create"),
    path("barriere-melden/danke/<str:receipt>/", views.report_done, name="report-done"),
    path("redaktion/texte/", staff_views.text_list, name="text-list"),
    path("redaktion/texte/barrierefreiheit/", staff_views.statement_edit, name="statement-edit"),
    path("redaktion/texte/barrierefreiheit/mangel/", staff_views.finding_edit, name="finding-create"),
    path("redaktion/texte/barrierefreiheit/mangel/<int:pk>/", staff_views.finding_edit, name="finding-edit"),
    path("redaktion/texte/<slug:slug>/", staff_views.text_edit, name="text-edit"),
    path("redaktion/texte/<slug:slug>/verlauf/", staff_views.text_history, name="text-history"),
    path("redaktion/texte/<slug:slug>/verlauf/<int:event>/", staff_views.text_restore, name="text-restore"),
    path("redaktion/datenschutz/", retention_views.retention_overview, name="retention-overview"),
    path("redaktion/barrieren/", staff_views.report_list, name="report-list"),
    path("redaktion/barrieren/<str:receipt>/", staff_views.report_detail, name="report-detail"),
]
