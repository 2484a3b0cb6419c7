"""The database of the tests: migrated once for each set of migrations, kept as a template, and copied in a second."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

PREFIX = "akinai_template_"


def fingerprint() -> str:
    """Of everything that makes the schema: the migrations of all apps, and the guards that they call."""
    seen = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for path in sorted([*Path(app.path, "migrations").glob("*.py"), *Path(app.path).glob("guards.py")]):
            seen.update(f"{app.label}/{path.name}\n".encode() + path.read_bytes())
    return seen.hexdigest()[:16]


@contextmanager
def one_at_a_time(cursor: Any) -> Iterator[None]:
    """Processes that start together make the template once; the others wait for it."""
    cursor.execute("SELECT pg_advisory_lock(20260401)")
    try:
        yield
    finally:
        cursor.execute("SELECT pg_advisory_unlock(20260401)")


def copy_from_template() -> str:
    """Make the test database as a copy of the migrated template, and point Django at it. Returns its name."""
    name = connection.creation._get_test_db_name()
    template = PREFIX + fingerprint()
    with connection._nodb_cursor() as cursor, one_at_a_time(cursor):
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        known = {row[0] for row in cursor.fetchall()}
        if template not in known:
            for old in known:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
            _migrate(cursor, template)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    connection.settings_dict["NAME"] = name
    return name


def _migrate(cursor: Any, template: str) -> None:
    """Under another name until it is whole, so that a broken-off run leaves no half template."""
    settings = connection.settings_dict
    before = settings["NAME"], settings["TEST"]["NAME"]
    settings["TEST"]["NAME"] = f"{template}_making"
    making = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    settings["NAME"], settings["TEST"]["NAME"] = before
    cursor.execute(f'ALTER DATABASE "{making}" RENAME TO "{template}"')


def drop(name: str, real: str) -> None:
    """Take the copy away; the template stays for the next run."""
    connection.close()
    connection.settings_dict["NAME"] = real
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
