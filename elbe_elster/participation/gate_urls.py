"""Addresses beside the filling in: access codes, devices at events, contact wishes."""

from django.urls import path

from elbe_elster.participation.views import codes, contacts, kiosks

PUBLIC = "beteiligung/umfragen/<slug:slug>"
STAFF = "redaktion/umfragen/<slug:slug>"
urlpatterns = [
    path(f"{PUBLIC}/code/", codes.survey_code, name="survey-code"),
    path(f"{PUBLIC}/kontakt/", contacts.survey_contact, name="survey-contact"),
    path(f"{PUBLIC}/kontakt/danke/", contacts.survey_contact_thanks, name="survey-contact-thanks"),
    path("beteiligung/geraet/<str:key>/", kiosks.kiosk_start, name="kiosk-start"),
    path("beteiligung/geraet/<str:key>/danke/", kiosks.kiosk_thanks, name="kiosk-thanks"),
    path(f"{STAFF}/codes/", codes.survey_codes, name="survey-codes"),
    path(f"{STAFF}/codes/<int:pk>/codes.csv", codes.code_lot_csv, name="code-lot-csv"),
    path(f"{STAFF}/codes/<int:pk>/etiketten.pdf", codes.code_lot_labels, name="code-lot-labels"),
    path(f"{STAFF}/codes/<int:pk>/zurueckziehen/", codes.code_lot_withdraw, name="code-lot-withdraw"),
    path(f"{STAFF}/geraete/", kiosks.survey_kiosks, name="survey-kiosks"),
    path(f"{STAFF}/geraete/<int:pk>/schliessen/", kiosks.kiosk_close, name="kiosk-close"),
    path(f"{STAFF}/kontakte/", contacts.survey_contacts, name="survey-contacts"),
    path(f"{STAFF}/kontakte/kontakte.csv", contacts.survey_contacts_csv, name="survey-contacts-csv"),
    path(f"{STAFF}/kontakte/loeschen/", contacts.contacts_delete, name="contacts-delete"),
    path(f"{STAFF}/kontakte/<int:key>/loeschen/", contacts.contact_delete, name="contact-delete"),
]
