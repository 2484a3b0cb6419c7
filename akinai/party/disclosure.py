"""保有個人データの開示: everything that the shop holds of one person, as a ZIP that a person and a machine can read.

個人情報の保護に関する法律 第33条: on request, by electromagnetic record where the person wishes so. The ZIP has data.json, index.html
and one CSV a section, and the files. It lies with the files of jobs for some days; making and taking it is written down.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localtime

from akinai.core import activity, clock, job_files, long_jobs
from akinai.core.models import LongJob
from akinai.party import erasing, openings
from akinai.party.models import Customer
from akinai.party.ports import HOLDERS, Section
from akinai.ui.worklist.export import safe_text

if TYPE_CHECKING:
    from akinai.staff.models import Staff

CODE = "party.disclose"
PERMISSION = "party.disclose_personal"
STYLE = "body{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccc;padding:.3rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"


def begin(customer: Customer, *, by: Staff) -> LongJob:
    """開示のファイルを作る. Written in the history of the customer and in the log of openings."""
    mine, *also = erasing.customers_of(customer)
    job = long_jobs.start(CODE, [mine], by=by, options={"number": customer.number, "also": also})
    openings.note(openings.Page.DISCLOSURE, customer.number, by=by, customer_id=customer.pk)
    activity.record(customer, "disclose", by=by, summary="開示のファイルを作りました")
    return job


def work(ids: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> long_jobs.Outcome:
    """The only piece: ask every room, write the ZIP. Safe to repeat: it gets its name when it is whole."""
    everyone = [*ids, *options.get("also", [])]
    sections = [one for holder in HOLDERS.values() for one in holder.disclose(everyone)]
    job_files.keep(options["job"], job_files.RESULT, archive(options["number"], sections))
    return long_jobs.Outcome({"項目": len(sections), "行": sum(len(one.rows) for one in sections)})


def finish(job: LongJob) -> str:
    return f"開示_{job.options['number']}_{clock.today():%Y%m%d}.zip"


def archive(number: str, sections: Sequence[Section]) -> bytes:
    """The ZIP of these sections."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("data.json", _json(number, sections))
        pack.writestr("index.html", _page(number, sections))
        for no, section in enumerate(sections, 1):
            pack.writestr(f"csv/{no:02d}_{_safe(section.title)}.csv", _csv(section))
            for at, (name, data) in enumerate(section.files, 1):
                pack.writestr(f"files/{no:02d}_{at:03d}_{_safe(name)}", data)
    return target.getvalue()


def _safe(name: str) -> str:
    """A name that leads nowhere else when the ZIP is opened."""
    return re.sub(r"[\\/:*?\"<>|\x00-\x1f]|\.\.", "_", name)[-80:] or "_"


def _json(number: str, sections: Sequence[Section]) -> str:
    data = {
        "customer": number,
        "made_at": localtime(clock.now()).isoformat(timespec="minutes"),
        "sections": [{"title": one.title, "rows": [dict(row) for row in one.rows]} for one in sections],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _heads(section: Section) -> list[str]:
    return list(dict.fromkeys(name for row in section.rows for name in row))


def _csv(section: Section) -> bytes:
    text, heads = io.StringIO(), _heads(section)
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([safe_text(row.get(name, "")) for name in heads] for row in section.rows)
    return text.getvalue().encode("utf-8-sig")


def _page(number: str, sections: Sequence[Section]) -> str:
    parts = [
        f'<!doctype html><html lang="ja"><meta charset="utf-8"><title>保有個人データ {escape(number)}</title><style>{STYLE}</style>',
        f"<h1>保有個人データ</h1><p>お客様番号 {escape(number)}・作成 {localtime(clock.now()):%Y-%m-%d %H:%M}</p>",
    ]
    for section in sections:
        heads = _heads(section)
        parts.append(f"<h2>{escape(section.title)}（{len(section.rows)} 件）</h2><table><tr>")
        parts += [f"<th>{escape(name)}</th>" for name in heads]
        for row in section.rows:
            parts.append("</tr><tr>" + "".join(f"<td>{escape(row.get(name, ''))}</td>" for name in heads))
        parts.append("</tr></table>")
    return "".join(parts)


def register() -> None:
    long_jobs.register(
        long_jobs.Kind(
            CODE, "保有個人データの開示", work, PERMISSION, piece=1, finish=finish, notes_download=True
        )
    )
