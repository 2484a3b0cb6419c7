"""コードの束 as a CSV file, made by a worker in pieces: each piece of codes is kept once, however often it is done."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from akinai.core import job_files, long_jobs
from akinai.core.long_jobs import Kind, Outcome
from akinai.marketing.models import Coupon, CouponCode
from akinai.marketing.services.making import make_batch

if TYPE_CHECKING:
    from akinai.core.models import LongJob
    from akinai.staff.models import Staff

BATCH = "marketing.codes"
PIECE = 1000


def make_piece(chunks: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> Outcome:
    """Some hundreds of codes; a piece done again finds those it made."""
    made = 0
    for chunk in chunks:
        name = f"{options['batch']}#{options['job']}-{chunk}"
        count = min(PIECE, options["count"] - chunk * PIECE)
        last = date.fromisoformat(options["expires_on"]) if options["expires_on"] else None
        have = CouponCode.objects.filter(coupon_id=options["coupon"], batch=name).count()
        if not have:
            make_batch(options["coupon"], count, batch=name, expires_on=last)
        made += count
    return Outcome({"コード": made})


def join(job: LongJob) -> str:
    """One CSV of all pieces, the pieces' names folded into that of the batch."""
    coupon = Coupon.objects.get(pk=job.options["coupon"])
    beginning = f"{job.options['batch']}#{job.pk}-"
    rows = CouponCode.objects.filter(coupon=coupon, batch__startswith=beginning).order_by("pk")
    with job_files.writing(job_files.folder(job.pk) / job_files.RESULT) as target:
        text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(["コード", "クーポン", "値引", "期限", "束"])
        for row in rows.iterator(chunk_size=5000):
            writer.writerow([row.code, coupon.name, coupon.words, row.expires_on or "", job.options["batch"]])
        text.flush()
        text.detach()
    return f"{coupon.code}_{job.options['batch']}.csv"


BATCH_KIND = Kind(
    BATCH, "クーポンのコードを作る", make_piece, "marketing.add_couponcode", piece=1, finish=join
)


def start(
    coupon: Coupon, count: int, *, batch: str, expires_on: date | None, by: Staff | None, back: str
) -> LongJob:
    """コードの束を作り始める."""
    options = {
        "coupon": coupon.pk, "count": count, "batch": batch, "expires_on": expires_on.isoformat() if expires_on else "",
    }  # fmt: skip
    return long_jobs.start(BATCH, list(range(-(-count // PIECE))), by=by, options=options, back=back)
