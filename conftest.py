"""Tests run on real PostgreSQL: the embedded one of AKINAI_HOME unless DATABASE_URL is set."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
