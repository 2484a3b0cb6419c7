"""まとめて処理 of goods: page files for the malls and label sheets of any number, made by a worker in pieces."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pypdf import PdfWriter

from akinai.catalog import labels, pages
from akinai.catalog.models import Product, Sku
from akinai.catalog.page_checks import look
from akinai.catalog.ports import Page, PageRows
from akinai.catalog.services.page_limits import limits_of
from akinai.core import job_files, long_jobs
from akinai.core.errors import DomainError
from akinai.core.long_jobs import Kind, Outcome

if TYPE_CHECKING:
    from akinai.core.models import LongJob
    from akinai.staff.models import Staff

PAGES, LABELS = "catalog.pages", "catalog.labels"
AT_ONCE = 500  # so many products a request looks at itself
SHEETS = 10  # sheets of labels in one piece


def look_at_pages(product_ids: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> Outcome:
    """モール用の商品ファイル: one piece of it, checked; the rows of what is good wait for the end."""
    form = pages.format_of(str(options["format"]))
    found = pages.pages_of(Product.objects.filter(pk__in=product_ids))
    looked = look([form.rows(page) for page in found], form, limits_of(form))
    good = looked.good
    kept = {
        "shapes": [_shape(one.page) for one in {_shape_key(one.page): one for one in good}.values()],
        "rows": [dict(row) for one in good for row in one.rows],
    }
    data = json.dumps(kept, ensure_ascii=False).encode()
    # In the order of the file, also when the rows of a piece are done one by one.
    job_files.keep(int(options["job"]), f"page-{options['at']:08d}-{product_ids[0]:012d}", data)
    refused = [(one.page, f"{one.column}: {one.message}") for one in looked.findings if one.is_error]
    return Outcome({"書き出す商品": len(good), "ファイルの行": len(kept["rows"])}, refused)


def _shape_key(page: Page) -> tuple[Any, ...]:
    return len(page.images), page.axes, tuple(name for name, _, _ in page.attributes)


def _shape(page: Page) -> dict[str, Any]:
    """What the header of a format depends on."""
    return {"images": len(page.images), "axes": page.axes, "attributes": [one[0] for one in page.attributes]}


def _shaped(shape: Mapping[str, Any]) -> PageRows:
    attributes = tuple((name, "", "") for name in shape["attributes"])
    images = (("", ""),) * shape["images"]
    return PageRows(Page("", "", (), axes=tuple(shape["axes"]), images=images, attributes=attributes), [])


def join_pages(job: LongJob) -> str:
    """One file of all pieces. Raises DomainError when nothing can be written."""
    form = pages.format_of(str(job.options["format"]))
    paths = job_files.pieces(job.pk, "page")
    shapes = [_shaped(shape) for path in paths for shape in json.loads(path.read_bytes())["shapes"]]
    if not shapes:
        raise DomainError(
            "書き出せる商品がありません。", way_out="下の項目を直して、もう一度作ってください。"
        )
    columns = form.columns(shapes)
    with job_files.writing(job_files.folder(job.pk) / job_files.RESULT) as target:
        text = io.TextIOWrapper(target, encoding=form.encoding, newline="", write_through=True)
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(columns)
        for path in paths:
            rows = json.loads(path.read_bytes())["rows"]
            writer.writerows([row.get(column, "") for column in columns] for row in rows)
        text.flush()
        text.detach()
    return form.filename


def start_pages(code: str, ids: Sequence[int], *, by: Staff | None, back: str) -> LongJob:
    """`ids`: products in the order of the file."""
    return long_jobs.start(PAGES, ids, by=by, options={"format": code}, back=back)


def draw_labels(chunks: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> Outcome:
    """ラベル: some sheets as one PDF. A chunk is SHEETS sheets; the wishes stand in the options."""
    count = 0
    for chunk in chunks:
        wishes, start = _wishes_of(chunk, options)
        if not wishes:
            continue
        layout = labels.LAYOUTS[options["layout"]]
        pdf = labels.pdf(
            wishes, layout, kind=options["kind"], start=start, shows_price=options["shows_price"],
            shift=tuple(options["shift"]),
        )  # fmt: skip
        job_files.keep(int(options["job"]), f"sheet-{chunk:06d}", pdf)
        count += sum(wish.count for wish in wishes)
    return Outcome({"ラベル": count})


def _wishes_of(chunk: int, options: Mapping[str, Any]) -> tuple[list[labels.Wish], int]:
    """The labels of one chunk, and the place of the first on its sheet."""
    size = labels.LAYOUTS[options["layout"]].per_sheet * SHEETS
    offset = options["start"] - 1
    first, last = max(0, chunk * size - offset), (chunk + 1) * size - offset
    counts: dict[int, int] = {}
    at = 0
    for pk, count in options["wishes"]:
        share = min(at + count, last) - max(at, first)
        if share > 0:
            counts[pk] = share
        at += count
    skus = Sku.objects.select_related("product").in_bulk(counts)
    wishes = [labels.Wish(skus[pk], count) for pk, count in counts.items() if pk in skus]
    return wishes, options["start"] if chunk == 0 else 1


def join_labels(job: LongJob) -> str:
    """All sheets in one PDF."""
    writer = PdfWriter()
    for path in job_files.pieces(job.pk, "sheet"):
        writer.append(path, import_outline=False)
    with job_files.writing(job_files.folder(job.pk) / job_files.RESULT) as target:
        writer.write(target)
    return "labels.pdf"


def start_labels(
    wishes: Sequence[tuple[int, int]], options: Mapping[str, Any], *, by: Staff | None, back: str
) -> LongJob:
    """`wishes`: (SKU id, labels); `options`: kind, layout, start, shows_price, shift."""
    total = sum(count for _, count in wishes) + options["start"] - 1
    chunks = -(-total // (labels.LAYOUTS[options["layout"]].per_sheet * SHEETS))
    told = {**options, "wishes": [list(one) for one in wishes]}
    return long_jobs.start(LABELS, range(chunks), by=by, options=told, back=back)


def register() -> None:
    permission = "catalog.view_product"
    long_jobs.register(
        Kind(PAGES, "モール用の商品ファイル", look_at_pages, permission, piece=200, finish=join_pages)
    )
    long_jobs.register(Kind(LABELS, "ラベルの印刷", draw_labels, permission, piece=1, finish=join_labels))
