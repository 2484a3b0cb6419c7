"""Settings of the tests: real PostgreSQL, quick password hashing, mail kept in memory."""

import os

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATABASES["default"]["OPTIONS"].pop("pool", None)  # type: ignore[attr-defined]
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("AKINAI_TEST_NAME", "test_akinai")}
AXES_ENABLED = False
UI_SAMPLE = True
# No test speaks to a partner with the keys of a shop.
STRIPE_SECRET_KEY = STRIPE_WEBHOOK_SECRET = ""
