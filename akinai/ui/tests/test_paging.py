"""頁送り: no row is skipped or shown twice, whatever comes and goes meanwhile."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from akinai.core.models import OutgoingMail
from akinai.ui.tests.mails import NOON, MailList, mail


def subjects(html: str) -> list[str]:
    return re.findall(r'class="row-link"[^>]*>([^<]+)<', html)


def link(html: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', html)
    return found.group(1).replace("&amp;", "&") if found else ""


def walk(office: Client, address: str) -> list[str]:
    """Every subject from the first page to the last."""
    seen: list[str] = []
    while True:
        html = office.get(address).content.decode()
        seen += subjects(html)
        following = link(html, "next")
        if not following:
            return seen
        address = "/office/mails/" + following


def test_walking_through_all_pages_shows_every_row_once(office: Client) -> None:
    for number in range(34):
        mail(number)
    assert walk(office, "/office/mails/") == [f"件名 {n:04}" for n in reversed(range(34))]


def test_rows_with_the_same_sort_value_are_told_apart_by_their_id(office: Client) -> None:
    for number in range(25):
        mail(number, created_at=NOON, tries=number // 12)
    ids = list(OutgoingMail.objects.order_by("tries", "pk").values_list("subject", flat=True))
    assert walk(office, "/office/mails/?sort=tries") == ids
    assert walk(office, "/office/mails/?sort=-tries") == ids[::-1]


def test_empty_values_stand_last_in_both_directions(office: Client) -> None:
    for number in range(24):
        mail(number, sent_at=NOON if number % 2 else None)
    rising = [f"件名 {n:04}" for n in range(1, 24, 2)] + [f"件名 {n:04}" for n in range(0, 24, 2)]
    falling = [f"件名 {n:04}" for n in range(23, 0, -2)] + [f"件名 {n:04}" for n in range(22, -1, -2)]
    assert walk(office, "/office/mails/?sort=sent_at") == rising
    assert walk(office, "/office/mails/?sort=-sent_at") == falling


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "sent_at", "-sent_at", "-tries", "subject"])
def test_going_back_shows_the_page_one_came_from(office: Client, sort: str) -> None:
    for number in range(36):
        mail(number, sent_at=NOON if number % 3 == 0 else None, tries=number % 4)
    pages = []
    address = f"/office/mails/?sort={sort}"
    while address:
        html = office.get(address).content.decode()
        pages.append(subjects(html))
        following = link(html, "next")
        address = "/office/mails/" + following if following else ""
    assert [len(page) for page in pages] == [10, 10, 10, 6]
    for expected in reversed(pages[:-1]):
        html = office.get("/office/mails/" + link(html, "prev")).content.decode()
        assert subjects(html) == expected
    assert link(html, "prev") == ""


@pytest.mark.parametrize("sort", ["created_at", "-sent_at", "tries"])
def test_a_search_that_meets_many_shows_the_same_rows_though_ids_are_found_first(
    office: Client, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(24):
        mail(number, sent_at=NOON if number % 2 else None, tries=number % 5)
    mail(99, subject="ほかの話")
    address = f"/office/mails/?q=件名&sort={sort}"
    plain = walk(office, address)
    monkeypatch.setattr(MailList, "finds_many", True)
    with CaptureQueriesContext(connection) as asked:
        assert walk(office, address) == plain
    assert len(plain) == 24 and any("IN (SELECT" in one["sql"] and "LIMIT 11" in one["sql"] for one in asked)
    assert "<strong>24 件</strong>" in office.get(address).content.decode()


def test_a_new_row_on_top_pushes_nothing_onto_the_next_page(office: Client) -> None:
    for number in range(20):
        mail(number)
    first = office.get("/office/mails/").content.decode()
    mail(99)
    second = office.get("/office/mails/" + link(first, "next")).content.decode()
    assert subjects(second) == [f"件名 {n:04}" for n in range(9, -1, -1)]


def test_a_row_that_vanished_hides_no_other(office: Client) -> None:
    for number in range(20):
        mail(number)
    first = office.get("/office/mails/").content.decode()
    OutgoingMail.objects.filter(subject="件名 0010").delete()
    second = office.get("/office/mails/" + link(first, "next")).content.decode()
    assert subjects(second)[0] == "件名 0009"


def test_pages_say_which_rows_they_show(office: Client) -> None:
    for number in range(25):
        mail(number)
    first = office.get("/office/mails/").content.decode()
    second = office.get("/office/mails/" + link(first, "next")).content.decode()
    back = office.get("/office/mails/" + link(second, "prev")).content.decode()
    assert ["1–10 を表示" in page for page in (first, second, back)] == [True, False, True]
    assert "11–20 を表示" in second
    assert "<strong>25 件</strong>" in second


@pytest.mark.parametrize(
    "token", ["x", "%00", "WyIiLDEsMl0", "WyJ0IiwiMjAyNiIsInh4Iiwx", "WyJ0IiwieHgiLDEsMF0", "WyIiLCJhYmMiLDEsMF0", "A" * 3000]
)  # fmt: skip
def test_a_cursor_nobody_made_leads_to_the_first_page(office: Client, token: str) -> None:
    mail(1)
    for name in ("after", "before"):
        for sort in ("created_at", "tries", "subject"):
            answer = office.get(f"/office/mails/?sort={sort}&{name}={token}")
            assert answer.status_code == 200


def test_a_changed_condition_starts_at_the_top_again(office: Client) -> None:
    for number in range(12):
        mail(number)
    following = link(office.get("/office/mails/?size=10").content.decode(), "next")
    html = office.get("/office/mails/" + following).content.decode()
    heads = re.findall(r'<th scope="col"[^>]*><a href="([^"]+)"', html)
    assert heads and all("after" not in parse_qs(urlsplit(head).query) for head in heads)
    assert "size=10" in heads[0]
