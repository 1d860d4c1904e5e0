"""German addresses for accounts. allauth's pages keep allauth's names, so that it finds them.

Sign-up is closed; its two names exist because allauth asks for them, and answer 404.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid
from allauth.usersessions import views as sessions
from django.urls import include, path, re_path

from . import views

sign_in = [
    path("anmelden/", account.login, name="account_login"),
    path("abmelden/", account.logout, name="account_logout"),
    path("gesperrt/", account.account_inactive, name="account_inactive"),
    path("registrieren/", views.sign_up_closed, name="account_signup"),
    path("bestaetigen/", account.reauthenticate, name="account_reauthenticate"),
    path("anmelden/code/", account.confirm_login_code, name="account_confirm_login_code"),
]
email = [
    path("e-mail/", account.email, name="account_email"),
    path("e-mail/bestaetigen/", account.email_verification_sent, name="account_email_verification_sent"),
    path("e-mail/bestaetigen/<str:key>/", account.confirm_email, name="account_confirm_email"),
]
password = [
    path("passwort/", account.password_change, name="account_change_password"),
    path("passwort/setzen/", account.password_set, name="account_set_password"),
    path("passwort/vergessen/", account.password_reset, name="account_reset_password"),
    path("passwort/vergessen/unterwegs/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "passwort/neu/fertig/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
security = [
    path("sicherheit/", mfa.index, name="mfa_index"),
    path("anmelden/zweiter-schritt/", mfa.authenticate, name="mfa_authenticate"),
    path("bestaetigen/zweiter-schritt/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("sicherheit/app/einrichten/", totp.activate_totp, name="mfa_activate_totp"),
    path("sicherheit/app/abschalten/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("sicherheit/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("sicherheit/codes/neu/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("sicherheit/codes/laden/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("sicherheit/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("sicherheit/passkeys/neu/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("sicherheit/passkeys/<int:pk>/entfernen/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("sicherheit/passkeys/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("bestaetigen/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("anmelden/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
]
provider = [
    path("extern/", social.connections, name="socialaccount_connections"),
    path("extern/abgebrochen/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("extern/fehler/", social.login_error, name="socialaccount_login_error"),
    path("extern/registrieren/", views.sign_up_closed, name="socialaccount_signup"),
    path("extern/<slug:provider_id>/anmelden/", openid.login, name="openid_connect_login"),
    path("extern/<slug:provider_id>/zurueck/", openid.callback, name="openid_connect_callback"),
]
own = [
    path("konto/", views.account_overview, name="account-overview"),
    path("konto/einladung/<str:token>/", views.invitation_accept, name="invitation-accept"),
    path("redaktion/", views.editorial_home, name="editorial-home"),
    path("redaktion/personen/", views.person_list, name="person-list"),
    path("redaktion/personen/einladen/", views.invitation_create, name="invitation-create"),
    path("redaktion/personen/einladung/<int:pk>/senden/", views.invitation_resend, name="invitation-resend"),
    path("redaktion/personen/einladung/<int:pk>/zurueckziehen/", views.invitation_withdraw, name="invitation-withdraw"),
    path("redaktion/personen/<int:pk>/sperren/", views.person_deactivate, name="person-deactivate"),
    path("redaktion/personen/<int:pk>/oeffnen/", views.person_reactivate, name="person-reactivate"),
]
session_list = [path("sitzungen/", sessions.list_usersessions, name="usersessions_list")]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("konto/", include([*sign_in, *email, *password, *security, *provider, *session_list])),
]
