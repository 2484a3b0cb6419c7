"""Making a home ready (準備): database running, new enough, tables up to date. Quick when nothing changed; no demo data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from config.home import REPOSITORY, database_url, home
from config.postgres import PostgresUnavailable

OLDEST = 15  # PostgreSQL; what Django asks for, and our own SQL needs nothing newer
_LOCK = 6_181_202_600  # one process at a time migrates one database, whatever home it comes from


def prepare() -> None:
    """Migrate unless this database is known to be up to date. Raises PostgresUnavailable with the reason in Japanese."""
    url = database_url()
    mark = _mark(url)
    if _is_ready(url, mark):
        return
    with _alone(url):
        if _is_ready(url, mark):
            return
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        with psycopg.connect(url) as connection:
            (home() / "migrated").write_text(f"{mark} {_done(connection)}")


def _mark(url: str) -> str:
    """Which database, and which migrations the code has."""
    names = sorted(str(p.relative_to(REPOSITORY)) for p in (REPOSITORY / "akinai").glob("*/migrations/*.py"))
    lock = REPOSITORY / "requirements.lock"  # migrations of others come with their versions
    return hashlib.sha256("\n".join([url, *names, lock.read_text()]).encode()).hexdigest()


def _is_ready(url: str, mark: str) -> bool:
    """Did this home see this database with these migrations, and are they in it still?"""
    with _connected(url) as connection:
        major = connection.info.server_version // 10_000
        if major < OLDEST:
            raise PostgresUnavailable(
                f"PostgreSQL {major} は古すぎます。{OLDEST} 以上が必要です。"
                "DATABASE_URL を新しいサーバーに向けるか、外して組み込みのデータベースを使ってください。"
            )
        stamp = home() / "migrated"
        return stamp.exists() and stamp.read_text() == f"{mark} {_done(connection)}"


def _done(connection: psycopg.Connection) -> int:
    """How many migrations the database has; 0 when it has no tables."""
    row = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
    if row is None or not row[0]:
        return 0
    count = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
    return int(count[0]) if count else 0


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    if not url.startswith(("postgresql://", "postgres://")):
        raise PostgresUnavailable(  # without the URL itself, which may hold a password
            "DATABASE_URL は postgresql:// で始めてください（例 postgresql://user:password@host:5432/akinai）。"
        )
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.Error as error:
        reason = next(
            (line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__
        )
        raise PostgresUnavailable(
            f"データベースにつながりません（{reason}）。"
            "DATABASE_URL のサーバー名・名前・パスワードと、サーバーが動いていることを確かめてください。"
        ) from None
    with connection:
        yield connection


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """Others who want to migrate wait here. The lock goes with the connection, also when we are killed."""
    with _connected(url) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield
