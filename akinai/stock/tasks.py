"""在庫のジョブ: found here by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.stock import expiry_notice, services


@app.periodic(cron="2 15 * * *")  # 00:02 in Japan: a new day begins
@app.task(name="stock.settle_dates", queueing_lock="stock.settle_dates")
def settle_dates(timestamp: int = 0) -> None:
    """Promises that rest on pieces past their date wait again."""
    services.settle_dates()


@app.periodic(cron="3 15 * * *")  # 00:03 in Japan: what was kept until yesterday
@app.task(name="stock.expire_kept", queueing_lock="stock.expire_kept")
def expire_kept(timestamp: int = 0) -> None:
    """取置の期限: the pieces go to who waits."""
    services.expire_kept()


@app.periodic(cron="0 22 * * *")  # 07:00 in Japan
@app.task(name="stock.tell_expiry", queueing_lock="stock.tell_expiry")
def tell_expiry(timestamp: int = 0) -> None:
    """期限の近いロット by mail."""
    expiry_notice.tell()
