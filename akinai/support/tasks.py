"""サポートのジョブ: found here by the worker; safe to run twice."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.support import erasing, services
from akinai.support.services import alarms, deeds, deflection, grading, tied, voice


@app.periodic(cron="*/5 * * * *")
@app.task(name="support.wake_due", queueing_lock="support.wake_due")
def wake_due(timestamp: int = 0) -> None:
    """保留の期限."""
    services.wake_due()


@app.periodic(cron="*/5 * * * *")
@app.task(name="support.tell_deeds", queueing_lock="support.tell_deeds")
def tell_deeds(timestamp: int = 0) -> None:
    """ほかの部門の操作を、やり取りに写す."""
    deeds.tell_all()


@app.periodic(cron="40 15 * * *")  # 00:40 in Japan
@app.task(name="support.close_due", queueing_lock="support.close_due")
def close_due(timestamp: int = 0) -> None:
    """解決から完了へ."""
    services.close_due()


@app.periodic(cron="*/5 * * * *")
@app.task(name="support.measure_due", queueing_lock="support.measure_due")
def measure_due(timestamp: int = 0) -> None:
    """所要時間を測る."""
    voice.measure_due()


@app.periodic(cron="*/2 * * * *")
@app.task(name="support.poll_mail", lock="support.poll_mail", queueing_lock="support.poll_mail")
def poll_mail(timestamp: int = 0) -> None:
    """受信."""
    services.poll()


@app.periodic(cron="*/10 * * * *")
@app.task(name="support.compare_grounds", queueing_lock="support.compare_grounds")
def compare_grounds(timestamp: int = 0) -> None:
    """記事の根拠を見比べる."""
    tied.compare()


@app.periodic(cron="20 18 * * *")  # 03:20 in Japan
@app.task(name="support.forget_hits", queueing_lock="support.forget_hits")
def forget_hits(timestamp: int = 0) -> None:
    """古い使われ方の記録を消す."""
    deflection.forget_old()


@app.periodic(cron="50 17 * * *")  # 02:50 in Japan, after the timers
@app.task(name="support.sweep_files", queueing_lock="support.sweep_files")
def sweep_files(timestamp: int = 0) -> None:
    """どの行も指さないメールと添付のファイルを消す."""
    erasing.sweep()


@app.periodic(cron="20 22 * * *")  # 07:20 in Japan, before the shop opens
@app.task(name="support.watch_spikes", queueing_lock="support.watch_spikes")
def watch_spikes(timestamp: int = 0) -> None:
    """急増を探す."""
    alarms.watch()


@app.periodic(cron="30 21 * * 0")  # Monday 06:30 in Japan
@app.task(name="support.draw_replies", queueing_lock="support.draw_replies")
def draw_replies(timestamp: int = 0) -> None:
    """先週の返信を選ぶ."""
    grading.draw()
