"""Settings for mypy only: without modeltranslation, whose managers of run time the Django plugin cannot name."""

from elbe_elster.settings import *  # noqa: F403
from elbe_elster.settings import INSTALLED_APPS

INSTALLED_APPS.remove("modeltranslation")
# TranslationAdmin asks for registrations that do not happen here.
INSTALLED_APPS[INSTALLED_APPS.index("django.contrib.admin")] = "django.contrib.admin.apps.SimpleAdminConfig"
