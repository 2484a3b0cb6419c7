"""Background jobs of the books (会計のジョブ): each safe to run twice."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.periodic(cron="*/10 * * * *")
@app.task(name="accounting.keep_books", queueing_lock="keep_books")
def keep_books(timestamp: int) -> None:
    """記帳: what no event has told, and every entry that is due."""
    from akinai.accounting import services

    services.record_missing()
    services.post_upto()
