"""保有個人データの開示: the file holds what this person told us and nothing of anybody else; making and taking it is noted."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from akinai.core import long_jobs
from akinai.core.models import Activity, LongJob
from akinai.party.disclosure import archive
from akinai.party.models import Opening
from akinai.party.ports import Section
from akinai.support.models import Message, Ticket
from tests import cast

pytestmark = pytest.mark.django_db


def _as(name: str) -> Client:
    client = Client()
    client.force_login(cast.staff(name))
    return client


def _ticket(no: int, customer_id: int, text: str) -> None:
    ticket = Ticket.objects.create(
        number=f"TK-2026-{no:06}",
        source="manual",
        subject="お届けについて",
        customer_id=customer_id,
        key=f"t:{no}",
    )
    Message.objects.create(ticket=ticket, direction="in", text=text, sender="青木")
    Message.objects.create(ticket=ticket, direction="note", text="社内だけの話", by=cast.staff("加藤"))


def test_support_makes_the_file_of_one_person_and_takes_it(
    django_capture_on_commit_callbacks: object,
) -> None:
    cast.company()
    cast.sku("A-1", pieces=5)
    mine = cast.place(cast.draft("1001", ("A-1", 1, 1080)))
    other = cast.somebody("B")
    others = cast.place(cast.draft("1002", ("A-1", 1, 1080), buyer=other, ship_to=other))
    _ticket(1, mine.customer_id, "まだ届きません <b>")
    _ticket(2, others.customer_id, "別の方の質問")
    kato = _as("加藤")
    number = mine.customer.number
    asked = kato.post(reverse("party:disclose", args=[number]))
    job = LongJob.objects.get()
    assert asked.url == reverse("jobs:detail", args=[job.pk])
    long_jobs.run(job.pk)
    taken = kato.get(reverse("jobs:download", args=[job.pk]))
    pack = zipfile.ZipFile(io.BytesIO(b"".join(taken)))
    data = json.loads(pack.read("data.json"))
    rows = {one["title"]: one["rows"] for one in data["sections"]}
    assert [row["受注番号"] for row in rows["ご注文"]] == [mine.number]
    assert rows["お客様の登録"][0]["メールアドレス"] == cast.AOKI.email
    assert [row["本文"] for row in rows["お問い合わせのやり取り"]] == ["まだ届きません <b>"]
    whole = "".join(pack.read(name).decode("utf-8-sig") for name in pack.namelist())
    assert "別の方の質問" not in whole and other.email not in whole and "社内だけの話" not in whole
    assert "まだ届きません &lt;b&gt;" in pack.read("index.html").decode()
    assert Opening.objects.filter(page="disclosure", subject=number).count() == 1
    assert Activity.objects.filter(verb="download", subject_id=job.pk).count() == 1
    for name in ("佐藤", "田中", "高橋"):
        assert _as(name).post(reverse("party:disclose", args=[number])).status_code == 403
        assert _as(name).get(reverse("jobs:download", args=[job.pk])).status_code == 403


def test_no_name_in_the_file_leads_out_of_its_folder_and_no_cell_runs() -> None:
    pack = zipfile.ZipFile(
        io.BytesIO(archive("CU-1", [Section("../印", [{"本文": "=1+1"}], [("../../etc/passwd", b"x")])]))
    )
    assert not any(".." in name or name.startswith("/") for name in pack.namelist())
    assert "'=1+1" in pack.read(next(name for name in pack.namelist() if name.startswith("csv/"))).decode(
        "utf-8-sig"
    )
