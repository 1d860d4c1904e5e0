"""Settings of the portal. One file; what differs between installations comes from the environment.

Production is the default: ``DEBUG`` and ``DEMO`` must be asked for. docs/operations.md lists every variable.
"""

from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from elbe_elster import embedded, environment, logs

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = embedded.var_dir()  # data of this installation
BUILT_DIR = BASE_DIR / "var"  # built from the checkout, the same for every installation of it

# What kind of installation ---------------------------------------------------

DEBUG = environment.flag("DEBUG")
DEMO = environment.flag("DEMO")
BUILDING = environment.flag("PORTAL_BUILDING")  # collecting files in an image: no secrets yet
SECRET_KEY = environment.secret_key(required=not (DEBUG or DEMO or BUILDING))
SECRET_KEY_FALLBACKS = environment.names("SECRET_KEY_FALLBACKS")
BASE_URL = environment.base_url()
_address = urlsplit(BASE_URL)
SITE_HOST = _address.hostname or "localhost"
HTTPS = _address.scheme == "https"
ALLOWED_HOSTS = [*(environment.hosts("ALLOWED_HOSTS") or [SITE_HOST]), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []

# Parts ------------------------------------------------------------------------

INSTALLED_APPS = [
    "modeltranslation",
    "elbe_elster.ui",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "pgtrigger",
    "pghistory",
    "pghistory.admin",
    "elbe_elster.accounts",
    "elbe_elster.region",
    "elbe_elster.outbox",
    "elbe_elster.search",
    "elbe_elster.snapshots",
    "elbe_elster.legal",
    "elbe_elster.strategy",
    "elbe_elster.participation",
    "elbe_elster.coordination",
]

MIDDLEWARE = [
    "elbe_elster.logs.TrustedProxyMiddleware",
    "elbe_elster.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "elbe_elster.ui.maintenance.MaintenanceMiddleware",
    "elbe_elster.ui.refusals.RefusalPageMiddleware",
    "elbe_elster.snapshots.middleware.SnapshotMiddleware",
    "elbe_elster.ui.compression.QuickGZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "elbe_elster.accounts.middleware.KeepingLoginMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "elbe_elster.accounts.middleware.LastVisitMiddleware",
    "elbe_elster.accounts.middleware.SecondFactorMiddleware",
    "elbe_elster.accounts.middleware.RefusedFormMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "elbe_elster.snapshots.middleware.OwnTopMiddleware",
]

ROOT_URLCONF = "elbe_elster.urls"
WSGI_APPLICATION = "elbe_elster.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "elbe_elster.ui.context.page_frame",
            ],
            "builtins": ["elbe_elster.ui.templatetags.ui"],
        },
    }
]

# Data -------------------------------------------------------------------------

DATABASES = {
    "default": {
        **environment.database(),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
POOLED = environment.flag("DATABASE_POOLED")  # PgBouncer: no state of a connection outlives a transaction
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = POOLED
if not POOLED:
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    _options.setdefault("options", "-c statement_timeout=30s -c lock_timeout=10s")
    _options.setdefault("prepare_threshold", 0)  # plans may be kept; strategy/statements.py asks for that
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": environment.queue_url(),
        "KEY_PREFIX": "portal",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = environment.broker_url()
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300  # seconds
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,  # seconds; longer than any task
    "socket_connect_timeout": 2,
    "max_retries": 1,  # a request does not wait for a queue that is down
    "interval_start": 0,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "elbe_elster.outbox.heartbeat:LivingScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat" / "schedule")

# People -----------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:account-overview"
ALLAUTH_TRUSTED_PROXY_COUNT = 0  # TrustedProxyMiddleware has put the true address into REMOTE_ADDR

# Accounts begin with an invitation; whether an address has one, nobody is told.
ACCOUNT_ADAPTER = "elbe_elster.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "elbe_elster.accounts.forms.SignInForm",
    "add_email": "elbe_elster.accounts.forms.NewAddressForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser; shared desks are common
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _address.scheme
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "confirm_email": "1/3m/key",
}
MFA_ADAPTER = "elbe_elster.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Elbe-Elster digital"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: clocks of phones and servers differ
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # http://localhost
MFA_RATE_LIMITS = {"login_failed": "5/5m/user"}
USERSESSIONS_TRACK_ACTIVITY = True

# The county's own sign-in (OpenID Connect), where it is set up. It lets in whoever has an account here.
SIGN_IN_PROVIDER = environment.sign_in_provider()
SOCIALACCOUNT_ADAPTER = "elbe_elster.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": SIGN_IN_PROVIDER}}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"

# Words ------------------------------------------------------------------------

LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("Deutsch")), ("en", _("Englisch")), ("de-simple", _("Leichte Sprache"))]
MODELTRANSLATION_LANGUAGES = ("de", "en", "de-simple")
MODELTRANSLATION_DEFAULT_LANGUAGE = "de"
MODELTRANSLATION_FALLBACK_LANGUAGES = {"default": ("de",)}
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
FORMAT_MODULE_PATH: list[str] = []

# Finished pages ---------------------------------------------------------------

SNAPSHOTS = not DEBUG  # public pages are kept finished

# Looks ------------------------------------------------------------------------

SITE_NAME = "Elbe-Elster digital"
MAINTENANCE = environment.flag("MAINTENANCE")  # every page but the health checks answers 503

# Navigation by German address. What does not exist (yet) is not shown; the cellar names no room.
NAVIGATION = [
    ("/strategie/", _("Strategie")),
    ("/massnahmen/", _("Maßnahmen")),
    ("/beteiligung/", _("Mitmachen")),
    ("/kommunen/", _("Kommunen")),
    ("/neues/", _("Neues")),
]
NAVIGATION_SEARCH = ("/suche/", _("Suche"))
NAVIGATION_INTERNAL = [
    ("/koordination/", _("Koordination"), ("circle_office", "representative", "admin")),
    ("/redaktion/", _("Redaktion"), ("curator", "publisher", "survey_team", "circle_office", "admin")),
]
# What /redaktion/ lists: address, name, what one does there, for which roles. What does not exist is not shown.
EDITORIAL_ENTRIES = [
    (
        "/redaktion/massnahmen/",
        _("Maßnahmen"),
        _("Was als Nächstes zu tun ist, bearbeiten, prüfen, freigeben"),
        ("curator", "publisher", "admin"),
    ),
    (
        "/redaktion/umfragen/",
        _("Umfragen"),
        _("Fragen bauen, veröffentlichen, begleiten, auswerten"),
        ("survey_team", "admin"),
    ),
    ("/redaktion/personen/", _("Personen"), _("Einladen, sperren, Rollen sehen"), ("circle_office", "admin")),
    (
        "/redaktion/post/",
        _("Postausgang"),
        _("Jeder Brief des Portals und wo er gerade ist"),
        ("curator", "circle_office", "admin"),
    ),
    (
        "/redaktion/texte/",
        _("Rechtliche Texte"),
        _("Impressum, Datenschutz, Erklärung zur Barrierefreiheit"),
        ("curator", "publisher", "admin"),
    ),
    (
        "/redaktion/datenschutz/",
        _("Löschregeln"),
        _("Was wie lange aufgehoben wird und was zuletzt gelöscht wurde"),
        ("survey_team", "admin"),
    ),
    (
        "/redaktion/barrieren/",
        _("Barriere-Meldungen"),
        _("Lesen und beantworten, was Menschen am Portal stört"),
        ("curator", "publisher", "admin"),
    ),
    (
        "/redaktion/massnahmen/tabelle/",
        _("Maßnahmen als Tabelle"),
        _("In Excel bearbeiten und wieder einlesen, oder eine eigene Liste übernehmen"),
        ("curator", "publisher", "admin"),
    ),
    (
        "/redaktion/berichte/",
        _("Berichte für den Kreistag"),
        _("Den Stand aller Maßnahmen einfrieren und mit dem letzten Mal vergleichen"),
        ("curator", "publisher", "admin"),
    ),
    ("/stilbuch/", _("Stilbuch"), _("Alle Bausteine des Portals auf einen Blick"), ("curator", "publisher", "admin")),
    ("/admin/", _("Technische Verwaltung"), _("Alle Tabellen, für Technikerinnen und Techniker"), ("admin",)),
]
NAVIGATION_FOOTER = [
    (
        _("Mitmachen"),
        [
            ("/beteiligung/", _("Beteiligung")),
            ("/beteiligung/umfragen/", _("Umfragen")),
            ("/beteiligung/gespraeche/", _("Nachbarschaftsgespräche")),
            ("/beteiligung/workshops/", _("Workshops")),
            ("/neues/per-e-mail/", _("Neues per E-Mail")),
        ],
    ),
    (
        _("Die Strategie"),
        [
            ("/strategie/", _("Worum es geht")),
            ("/strategie/weg/", _("Der Weg zur Strategie")),
            ("/handlungsfelder/", _("Handlungsfelder")),
            ("/massnahmen/", _("Maßnahmen")),
            ("/projekte/", _("Projekte")),
            ("/fahrplan/", _("Fahrplan")),
            ("/stand/", _("Wie weit wir sind")),
        ],
    ),
    (
        _("Rechtliches"),
        [
            ("/impressum/", _("Impressum")),
            ("/datenschutz/", _("Datenschutz")),
            ("/barrierefreiheit/", _("Barrierefreiheit")),
            ("/leichte-sprache/", _("Leichte Sprache")),
        ],
    ),
]

FORM_RENDERER = "elbe_elster.ui.forms.PortalFormRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["kern"]
CRISPY_TEMPLATE_PACK = "kern"
CRISPY_FAIL_SILENTLY = False

STATIC_URL = "/static/"
STATIC_ROOT = BUILT_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BUILT_DIR / "look"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Mail -------------------------------------------------------------------------

EMAIL_BACKEND = "elbe_elster.outbox.backend.OutboxBackend"
MAIL = environment.mail(files=DEBUG or DEMO)
_mail_host = "localhost" if SITE_HOST.replace(".", "").isdigit() or ":" in SITE_HOST else SITE_HOST  # no bare numbers
DEFAULT_FROM_EMAIL = environment.text("MAIL_FROM", f"portal@{_mail_host}")

# Found by machines ------------------------------------------------------------

ROBOTS_DISALLOW = environment.flag("ROBOTS_DISALLOW")  # a trial installation asks search engines to stay away
SECURITY_CONTACT = environment.text("SECURITY_CONTACT", f"{BASE_URL}/impressum/")  # address or page for security.txt

# Operation --------------------------------------------------------------------

TRUSTED_PROXIES = environment.networks(
    "TRUSTED_PROXIES", "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
)
LOGGING = logs.configuration(readable=DEBUG or DEMO)
DJANGO_STRUCTLOG_CELERY_ENABLED = True  # tasks log with the id of the request that sent them
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = 10  # debug

# Safety -----------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *(app["settings"]["server_url"] for app in SIGN_IN_PROVIDER)],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
