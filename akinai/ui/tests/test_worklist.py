"""一覧: who may see it, what it costs, how it narrows, what a bulk act does."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from akinai.core.models import OutgoingMail
from akinai.ui.models import SavedView
from akinai.ui.tests.mails import NOON, MailList, Unguarded, mail
from akinai.ui.tests.test_paging import subjects
from akinai.ui.worklist import Worklist


def shown(office: Client, query: str) -> list[str]:
    answer = office.get(f"/office/mails/{query}")
    assert answer.status_code == 200
    return subjects(answer.content.decode())


def test_a_list_without_a_permission_cannot_be_put_into_the_address_plan() -> None:
    with pytest.raises(ImproperlyConfigured, match="needs a permission"):
        Unguarded.as_view()


def test_a_visitor_is_led_to_the_login(client: Client, settings: object) -> None:
    settings.ROOT_URLCONF = "akinai.ui.tests.mails"  # type: ignore[attr-defined]
    answer = client.get("/office/mails/?q=x")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/office/mails/%3Fq%3Dx")


def test_a_lost_session_reloads_the_whole_page_not_its_part(client: Client, settings: object) -> None:
    settings.ROOT_URLCONF = "akinai.ui.tests.mails"  # type: ignore[attr-defined]
    answer = client.get(
        "/office/mails/?q=x",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/office/mails/?q=a"},
    )
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/accounts/login/?next=/office/mails/%3Fq%3Da"


def test_an_outsider_sees_the_refusal_in_japanese_and_changes_nothing(outsider: Client) -> None:
    row = mail(1)
    seen = outsider.get("/office/mails/")
    done = outsider.post("/office/mails/", {"action": "again", "pk": [row.pk]})
    exported = outsider.get("/office/mails/?export=csv")
    assert [answer.status_code for answer in (seen, done, exported)] == [403, 403, 403]
    assert "この画面を開く権限" in seen.content.decode()
    assert OutgoingMail.objects.get().last_error == ""


def test_a_page_costs_four_queries_however_many_rows(
    office: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        mail(number, state="failed" if number % 3 else "sent")
    office.get("/office/mails/")
    with django_assert_num_queries(4):
        office.get("/office/mails/?size=50&f.state=failed&q=件名&tab=failed")


def test_filters_narrow_by_what_they_say(office: Client) -> None:
    mail(1, state="failed", tries=3, to="yamada@example.jp")
    mail(2, state="sent", sent_at=NOON)
    mail(3, created_at=NOON.replace(day=20))
    assert shown(office, "?f.state=failed") == ["件名 0001"]
    assert shown(office, "?f.state=failed&f.state=sent") == ["件名 0002", "件名 0001"]
    assert shown(office, "?f.created=2026-11-20~2026-11-20") == ["件名 0003"]
    assert shown(office, "?f.created.from=2026/11/24") == ["件名 0002", "件名 0001"]
    assert shown(office, "?f.tries=３~") == ["件名 0001"]
    assert shown(office, "?f.tries.to=2") == ["件名 0002", "件名 0003"]
    assert shown(office, "?f.sent=1") == ["件名 0002"]
    assert shown(office, "?f.sent=0") == ["件名 0001", "件名 0003"]
    assert shown(office, "?f.to=yamada") == ["件名 0001"]
    assert shown(office, "?q=0002") == ["件名 0002"]
    assert shown(office, "?tab=failed") == ["件名 0001"]


def test_what_cannot_be_read_does_not_narrow(office: Client) -> None:
    mail(1)
    for query in ("f.state=nonsense", "f.created=tomorrow", "f.created.from=2026-13-40", "f.tries=many~", "f.sent=x", "sort=-password", "size=100000", "tab=nobody", "f.created=9999-12-31~9999-12-31&f.created="):  # fmt: skip
        assert shown(office, f"?{query}")[:1] in (["件名 0001"], []), query
    assert shown(office, "?sort=-body&size=７") == ["件名 0001"]
    assert shown(office, "?q=%00&f.to=%00") == []


def test_a_day_ends_at_midnight_in_japan(office: Client) -> None:
    late = NOON.replace(hour=23, minute=59)
    mail(1, created_at=late)
    assert shown(office, "?f.created=2026-11-24~2026-11-24") == ["件名 0001"]
    assert shown(office, "?f.created=2026-11-25~") == []


def test_htmx_gets_the_part_it_asks_for(office: Client) -> None:
    mail(1)
    whole = office.get("/office/mails/")
    part = office.get("/office/mails/", headers={"HX-Request": "true", "HX-Target": "results"})
    both = office.get("/office/mails/", headers={"HX-Request": "true", "HX-Target": "list"})
    assert [b"<html" in answer.content for answer in (whole, part, both)] == [True, False, False]
    assert [b'id="filters"' in answer.content for answer in (part, both)] == [False, True]
    assert "HX-Request" in part["Vary"]


def test_over_a_thousand_rows_are_told_as_a_thousand_or_more(office: Client) -> None:
    OutgoingMail.objects.bulk_create(
        OutgoingMail(key=f"k{n}", to="a@example.com", subject=f"件名 {n}", body="") for n in range(1001)
    )
    assert "1,000 件以上" in office.get("/office/mails/").content.decode()


def test_hidden_tabs_show_only_while_chosen(office: Client) -> None:
    assert "隠れた早見" not in office.get("/office/mails/").content.decode()
    assert "隠れた早見" in office.get("/office/mails/?tab=secret").content.decode()


def test_a_bulk_act_does_what_it_can_and_names_what_it_refused(office: Client) -> None:
    good, gone = mail(1), mail(2, state="sent")
    answer = office.post("/office/mails/?tab=x", {"action": "again", "pk": [good.pk, gone.pk]}, follow=True)
    assert answer.redirect_chain == [("/office/mails/?tab=x", 302)]
    assert "1 件を送ります。1 件はできませんでした（件名 0002 は送信済みです）。" in answer.content.decode()
    assert OutgoingMail.objects.get(pk=good.pk).last_error == "佐藤:"


def test_an_act_without_its_permission_is_neither_offered_nor_done(office: Client) -> None:
    row = mail(1)
    assert "消す" not in office.get("/office/mails/").content.decode()
    assert office.post("/office/mails/", {"action": "purge", "pk": [row.pk]}).status_code == 403
    assert OutgoingMail.objects.get().last_error == ""


def test_files_need_their_own_permission_where_a_list_asks_for_one(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail(1)
    monkeypatch.setattr(MailList, "export_permission", "core.delete_outgoingmail")
    assert office.get("/office/mails/?export=csv").status_code == 403
    assert "export=csv" not in office.get("/office/mails/").content.decode()


def test_a_bulk_act_reaches_only_rows_this_person_may_see(office: Client) -> None:
    foreign = mail(1, subject="他人の件名")
    office.post("/office/mails/", {"action": "again", "pk": [foreign.pk, "x", "９", "9" * 40]})
    assert OutgoingMail.objects.get().last_error == ""


def test_all_rows_of_the_condition_are_acted_on_over_all_pages(office: Client) -> None:
    for number in range(30):
        mail(number, state="failed" if number < 25 else "queued")
    office.post("/office/mails/?f.state=failed", {"action": "again", "all": "1"})
    assert OutgoingMail.objects.exclude(last_error="").count() == 25


def test_more_rows_than_an_act_takes_are_refused_as_a_whole(office: Client) -> None:
    OutgoingMail.objects.bulk_create(
        OutgoingMail(key=f"k{n}", to="a@example.com", subject="件名", body="") for n in range(201)
    )
    answer = office.post("/office/mails/", {"action": "again", "all": "1"}, follow=True)
    assert "一度に操作できるのは 200 件までです" in answer.content.decode()
    assert OutgoingMail.objects.exclude(last_error="").count() == 0


def test_an_act_that_needs_more_asks_and_keeps_the_selection(office: Client) -> None:
    row = mail(1)
    asked = office.post("/office/mails/", {"action": "note", "pk": [row.pk]})
    refused = office.post("/office/mails/", {"action": "note", "pk": [row.pk], "go": "1", "note": ""})
    done = office.post("/office/mails/", {"action": "note", "pk": [row.pk], "go": "1", "note": "急ぎ"})
    assert [answer.status_code for answer in (asked, refused, done)] == [200, 422, 302]
    assert f'name="pk" value="{row.pk}"' in refused.content.decode()
    assert OutgoingMail.objects.get().last_error == "佐藤:急ぎ"


def test_the_same_selection_sent_twice_is_done_once(office: Client) -> None:
    row = mail(1)
    body = {"action": "again", "pk": [row.pk], "once": "token-1"}
    office.post("/office/mails/", body)
    OutgoingMail.objects.update(last_error="")
    answer = office.post("/office/mails/", body, follow=True)
    assert "すでに送信されています" in answer.content.decode()
    assert OutgoingMail.objects.get().last_error == ""


def test_columns_are_chosen_per_person(office: Client) -> None:
    mail(1)
    office.post("/office/ui/columns/", {"page": "tests.mails", "column": ["subject", "body", "password"]})
    html = office.get("/office/mails/").content.decode()
    assert ["<th" in part for part in (html,)] == [True]
    assert 'data-label="本文"' in html and 'data-label="状態"' not in html
    office.post("/office/ui/columns/", {"page": "tests.mails", "reset": "1"})
    assert 'data-label="状態"' in office.get("/office/mails/").content.decode()


def test_a_saved_condition_is_found_again_and_shared_only_on_request(
    office: Client, outsider: Client
) -> None:
    office.post("/office/ui/views/save/", {"page": "tests.mails", "name": "失敗だけ", "query": "f.state=failed", "next": "/office/mails/?f.state=failed"})  # fmt: skip
    html = office.get("/office/mails/?f.state=failed").content.decode()
    assert '<span class="menu-label">失敗だけ</span>' in html
    view = SavedView.objects.get()
    assert outsider.post(f"/office/ui/views/{view.pk}/delete/").status_code == 404
    assert SavedView.objects.count() == 1
    office.post(f"/office/ui/views/{view.pk}/delete/")
    assert SavedView.objects.count() == 0


def test_going_back_leads_only_to_our_own_pages(office: Client) -> None:
    answer = office.post(
        "/office/ui/views/save/",
        {"page": "p", "name": "n", "query": "", "next": "https://elsewhere.example/"},
    )
    assert answer["Location"] == "/office/"


def test_text_from_outside_is_escaped_in_cells_chips_and_titles(office: Client) -> None:
    mail(1, subject="<script>alert(1)</script>")
    html = office.get("/office/mails/?f.to=%3Cimg%20src%3Dx%3E&q=%3Cb%3E").content.decode()
    assert "<img src=x>" not in html and "<b>" not in html
    assert "<script>alert" not in office.get("/office/mails/").content.decode()


def test_every_list_in_the_office_says_who_may_see_it() -> None:
    todo = [Worklist]
    while todo:
        for one in todo.pop().__subclasses__():
            todo.append(one)
            assert one is Unguarded or hasattr(one, "permission"), one
    assert MailList.permission == "core.view_outgoingmail"


def test_a_tab_is_coloured_only_while_something_waits_in_it(office: Client) -> None:
    def tone() -> str:
        html = office.get("/office/mails/").content.decode()
        return re.search(r'送信失敗<span class="count" data-tone="(\w*)">', html)[1]  # type: ignore[index]

    assert tone() == ""
    mail(1, state="failed")
    assert tone() == "bad"


def test_an_empty_list_leads_on_only_who_may_go(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(url_name: str) -> bool:
        monkeypatch.setattr(MailList, "empty", {"title": "空です", "url_name": url_name, "label": "進む"})
        html = office.get("/office/mails/").content.decode()
        assert "空です" in html
        return "進む" in html

    assert shown("press")
    assert not shown("secret")
