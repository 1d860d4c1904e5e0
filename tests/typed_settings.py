"""Settings for mypy only: without modeltranslation, whose managers of run time the Django plugin cannot name.

The admin does not look for the portal's classes then: they would miss the translations.
"""

import os

os.environ.setdefault("PORTAL_BUILDING", "1")  # a checkout that was never started has no key yet

from elbe_elster.settings import *  # noqa: F403
from elbe_elster.settings import INSTALLED_APPS

INSTALLED_APPS.remove("modeltranslation")
INSTALLED_APPS[INSTALLED_APPS.index("django.contrib.admin")] = "django.contrib.admin.apps.SimpleAdminConfig"
