"""Background jobs of the catalogue (商品のジョブ): safe to run twice."""

from __future__ import annotations

from procrastinate.contrib.django import app


def defer_drawing(intake_pk: int) -> None:
    """Put the drawing of an intake's pictures into the queue, in the caller's transaction."""
    draw_pictures.configure(queueing_lock=f"draw-{intake_pk}").defer(intake_pk=intake_pk)


@app.task(name="catalog.draw_pictures")
def draw_pictures(intake_pk: int) -> None:
    """Draw what came beside a goods file. Each picture is a transaction of its own, so a worker that died lost nothing."""
    from akinai.catalog.intake import draw_of

    draw_of(intake_pk)


@app.periodic(cron="* * * * *")
@app.task(name="catalog.apply_prices", queueing_lock="apply_prices")
def apply_prices(timestamp: int) -> None:
    """価格の予約: what is due begins or ends."""
    from akinai.catalog.services import apply_due

    apply_due()


@app.periodic(cron="* * * * *")
@app.task(name="catalog.draw_sizes", queueing_lock="draw_sizes")
def draw_sizes(timestamp: int) -> None:
    """画像の大きさ違い: those of pictures that came since."""
    from akinai.catalog.services.picture_sizes import draw_waiting

    draw_waiting()
