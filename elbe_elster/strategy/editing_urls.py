"""Addresses of the editor: the same pages for measures, project profiles and drafts of something new."""

from django.urls import path

from elbe_elster.strategy.views import comparing, editing, history, review, trash

PLACES = {
    "measure": "redaktion/massnahmen/<str:number>/",
    "profile": "redaktion/projekte/<slug:slug>/",
    "draft": "redaktion/entwuerfe/<int:pk>/",
}
PAGES = {
    "edit": ("bearbeiten/", editing.draft_edit),
    "merge": ("abgleich/", comparing.draft_merge),
    "review": ("freigabe/", review.draft_review),
    "preview": ("vorschau/", review.draft_preview),
    "recall": ("zurueckholen/", editing.draft_recall),
    "discard": ("verwerfen/", editing.draft_discard),
}
RECORD_PAGES = {
    "history": ("verlauf/", history.record_history),
    "restore": ("wiederherstellen/", history.version_restore),
    "withdraw": ("zurueckziehen/", review.record_withdraw),
    "trash": ("papierkorb/", trash.record_trash),
}

urlpatterns = [
    path("redaktion/massnahmen/neu/", editing.draft_add, {"kind": "measure"}, name="measure-add"),
    path("redaktion/projekte/neu/", editing.draft_add, {"kind": "profile"}, name="profile-add"),
    path("redaktion/massnahmen/papierkorb/", trash.trash_list, name="trash"),
    path(
        "redaktion/massnahmen/papierkorb/massnahme/<int:pk>/",
        trash.trash_restore,
        {"kind": "measure"},
        name="measure-untrash",
    ),
    path(
        "redaktion/massnahmen/papierkorb/projekt/<int:pk>/",
        trash.trash_restore,
        {"kind": "profile"},
        name="profile-untrash",
    ),
    path("redaktion/vorschau/", editing.markdown_preview, name="markdown-preview"),
    *(
        path(f"{place}{end}", view, name=f"{kind}-{page}")
        for kind, place in PLACES.items()
        for page, (end, view) in (PAGES if kind == "draft" else PAGES | RECORD_PAGES).items()
    ),
]
