"""Addresses below ``/redaktion/post/``."""

from django.urls import path

from . import views

app_name = "outbox"
urlpatterns = [
    path("", views.letter_list, name="letter-list"),
    path("<int:pk>/", views.letter_detail, name="letter-detail"),
    path("<int:pk>/html/", views.letter_html, name="letter-html"),
    path("<int:pk>/brief.eml", views.letter_file, name="letter-file"),
    path("<int:pk>/noch-einmal/", views.letter_resend, name="letter-resend"),
    path("<int:pk>/angekommen/", views.letter_mark_arrived, name="letter-mark-arrived"),
    path("<int:pk>/nicht-mehr/", views.letter_withdraw, name="letter-withdraw"),
]
