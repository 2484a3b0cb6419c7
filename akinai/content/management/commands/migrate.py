"""migrate: in a new database the page editor's tables come first.

A step of a migration costs the more the more tables are known already, even where only the changed one is made anew
(`core.migrating`). The editor's hundred migrations ask for nothing but the staff, so run first they save a fifth of the time.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

FIRST = ("wagtailcore", "taggit", "wagtailusers")


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if not any(options[name] for name in ("app_label", "check_unapplied", "plan", "prune")):
            begin(options["database"])
        super().handle(*args, **options)


def begin(database: str) -> None:
    """Run the editor's migrations where none has run yet."""
    executor = MigrationExecutor(connections[database])
    if not any(app in FIRST for app, _name in executor.loader.applied_migrations):
        targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] in FIRST]
        executor.migrate(targets)
