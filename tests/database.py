"""The database of the tests: migrated once for each set of migrations, kept as a template, and copied in a second."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db import connection, transaction

PREFIX = "akinai_template_"
# What migrations leave is kept beside, so that a test that commits can be undone: only what it touched is put back.
# Rows are deleted, for TRUNCATE gives each of a hundred tables new files. Our guards hear even a replica, so those of
# a table with rows to go sleep meanwhile, in this transaction only.
KEEP = """
CREATE SCHEMA kept;
CREATE TABLE kept.numbers AS SELECT sequencename AS name, last_value FROM pg_sequences
  WHERE schemaname = 'public' AND last_value IS NOT NULL;
DO $$
DECLARE name text; has_rows boolean;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO has_rows;
    IF has_rows THEN EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', 'rows_' || name, name); END IF;
  END LOOP;
END $$;
CREATE FUNCTION kept.put_back() RETURNS void LANGUAGE plpgsql AS $$
DECLARE here regclass; there regclass; touched boolean; columns text; guard name; guards name[];
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR here, there IN SELECT oid, to_regclass(format('kept.%I', 'rows_' || relname)) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'django_migrations'
    AND pg_relation_size(oid) > 0
  LOOP
    IF there IS NULL THEN
      EXECUTE format('SELECT EXISTS (SELECT FROM %s)', here) INTO touched;
    ELSE
      EXECUTE format(
        'SELECT (SELECT count(*) FROM %1$s) <> (SELECT count(*) FROM %2$s) OR EXISTS ('
        'SELECT h::text FROM %1$s h EXCEPT SELECT t::text FROM %2$s t)', here, there) INTO touched;
    END IF;
    CONTINUE WHEN NOT touched;
    guards := ARRAY(SELECT tgname FROM pg_trigger WHERE tgrelid = here AND tgenabled = 'A');
    FOREACH guard IN ARRAY guards LOOP EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', here, guard); END LOOP;
    EXECUTE format('DELETE FROM %s', here);
    IF there IS NOT NULL THEN
      SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
        WHERE attrelid = here AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
      EXECUTE format('INSERT INTO %1$s (%2$s) SELECT %2$s FROM %3$s', here, columns, there);
    END IF;
    FOREACH guard IN ARRAY guards LOOP EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', here, guard); END LOOP;
  END LOOP;
  PERFORM setval(format('public.%I', s.sequencename)::regclass, coalesce(n.last_value, s.start_value), n.name IS NOT NULL)
    FROM pg_sequences s LEFT JOIN kept.numbers n ON n.name = s.sequencename
    WHERE s.schemaname = 'public' AND s.last_value IS DISTINCT FROM n.last_value;
END $$;
"""


def fingerprint() -> str:
    """Of everything that makes the template: the migrations of all apps, the guards that they call, and this file."""
    seen = hashlib.sha256(Path(__file__).read_bytes())
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
    with connection._nodb_cursor() as cursor, one_at_a_time(cursor):
        template = _template(cursor)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        # A commit need not reach the disk: what is lost when the machine goes down is a test's.
        cursor.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    connection.settings_dict["NAME"] = name
    return name


def prepare() -> None:
    """Make the template unless it stands, so that no process of the tests waits for it."""
    with connection._nodb_cursor() as cursor, one_at_a_time(cursor):
        _template(cursor)


def _template(cursor: Any) -> str:
    """The name of the migrated template of these migrations; those of others are dropped when it is made."""
    template = PREFIX + fingerprint()
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
    known = {row[0] for row in cursor.fetchall()}
    if template not in known:
        for old in known:
            cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
        _migrate(cursor, template)
    return template


def _migrate(cursor: Any, template: str) -> None:
    """Under another name until it is whole, so that a broken-off run leaves no half template."""
    settings = connection.settings_dict
    before = settings["NAME"], settings["TEST"]["NAME"]
    settings["TEST"]["NAME"] = f"{template}_making"
    making = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    with connection.cursor() as made:
        made.execute(KEEP)
    connection.close()
    settings["NAME"], settings["TEST"]["NAME"] = before
    cursor.execute(f'ALTER DATABASE "{making}" RENAME TO "{template}"')


def put_back() -> None:
    """After a test that committed: every table as the migrations left it."""
    assert not connection.in_atomic_block, "a test that commits stands on ground of its module (conftest.py)"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT kept.put_back()")


def drop(name: str, real: str) -> None:
    """Take the copy away; the template stays for the next run."""
    connection.close()
    connection.settings_dict["NAME"] = real
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


if __name__ == "__main__":
    django.setup()
    prepare()
