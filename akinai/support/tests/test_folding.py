"""長いものを折りたたむ: the reply stays within reach, and nothing of what was said is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from akinai.support import queries, services
from akinai.support.models import Message, Ticket
from akinai.support.ports import ArrivedFile
from akinai.support.queries import Said
from akinai.support.tests.complaints import client
from akinai.support.tests.letters import letter


@pytest.mark.parametrize(
    "text", ["\n".join(f"{nth} 行目" for nth in range(3000)), "あ" * 20_000, "\n".join(["い" * 500] * 61)]
)
def test_a_very_long_letter_is_folded_and_nothing_of_it_is_lost(text: str) -> None:
    said = Said(Message(text=text))
    assert said.opening.count("\n") < 40 and len(said.opening) <= 6000
    assert text in (said.opening + said.rest, f"{said.opening}\n{said.rest}")


def test_a_usual_letter_is_shown_whole() -> None:
    said = Said(Message(text="\n".join("本文" for _ in range(60))))
    assert (said.opening.count("\n"), said.rest) == (59, "")


def test_the_middle_of_a_long_thread_is_folded() -> None:
    said = [Said(Message(pk=nth)) for nth in range(60)]
    first, early, latest = queries.folded(said)
    assert [*first, *early, *latest] == said and (len(first), len(latest)) == (1, 12)
    assert queries.folded(said[:24]) == (said[:24], [], [])


@pytest.mark.django_db
def test_the_page_folds_many_lines_and_many_files() -> None:
    files = [ArrivedFile(f"写真{nth}.txt", "text/plain", b"x%d" % nth) for nth in range(10)]
    services.receive(letter("\n".join(f"{nth} 行目" for nth in range(100)), files=files))
    ticket = Ticket.objects.get()
    page = client("加藤").get(reverse("support:ticket", args=[ticket.number])).text
    assert "続きを開く（あと 60 行）" in page and "ほかの添付 2 個を開く" in page and "写真9.txt" in page
