"""編集 writes, 店長 decides, and no word that the law forbids gets past either."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from akinai.content import tasks
from akinai.content.approval import set_up
from akinai.content.editors import give_pages
from akinai.content.models import FeaturePage, LegalNote, LegalWord
from akinai.content.services import publishing, words, writing
from akinai.content.tests import writers
from akinai.core.errors import DomainError
from akinai.core.models import Activity, OutgoingMail
from akinai.staff.models import Staff
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    cast.company()
    give_pages()
    set_up()


@pytest.fixture
def editor() -> Staff:
    return writers.staff("編集者", "編集", "editor@example.jp")


@pytest.fixture
def manager() -> Staff:
    return writers.staff("店の長", "店長", "manager@example.jp")


def _logged_in(person: Staff) -> Client:
    client = Client()
    client.force_login(person, backend="akinai.staff.backends.StaffBackend")
    return client


def _form(page: Page, said: str, act: str, **more: Any) -> dict[str, Any]:
    values = {
        "title": page.title, "slug": page.slug, "lead": "", "theme": "", "picture": "", "seo_title": "", "search_description": "",
        "share_picture": "", "canonical_url": "", "go_live_at": "", "expire_at": "", "comments": inline_formset([]),
        "body": streamfield([("text", rich_text(f"<p>{said}</p>"))]), act: "1", **more,
    }  # fmt: skip
    return nested_form_data(values)


def _send(person: Staff, page: Page, said: str, act: str = "action-submit", **more: Any) -> str:
    answer = _logged_in(person).post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), _form(page, said, act, **more), follow=True
    )
    return str(answer.content.decode())


def _decide(person: Staff, page: Page, action: str, **told: str) -> int:
    state = Page.objects.get(pk=page.pk).current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return _logged_in(person).post(url, told).status_code


@pytest.fixture
def draft() -> FeaturePage:
    return writers.feature("新茶の季節", publish=False)


def test_a_forbidden_word_stops_the_way_to_the_manager_and_tells_where(
    editor: Staff, draft: FeaturePage
) -> None:
    seen = _send(editor, draft, "当店は日本<b>一</b>のお茶です")
    assert (
        "本文 1 番目「文章」" in seen
        and "当店は【日本一】のお茶です" in seen
        and "産地で長く親しまれている" in seen
    )
    assert Page.objects.get(pk=draft.pk).current_workflow_state is None


def test_a_draft_may_say_anything_until_it_is_sent(editor: Staff, draft: FeaturePage) -> None:
    _send(editor, draft, "日本一のお茶", act="action-save")
    assert "日本一" in str(Page.objects.get(pk=draft.pk).get_latest_revision_as_object().body)


def test_what_is_sent_goes_to_the_manager_by_mail_and_out_by_the_managers_word(
    editor: Staff, manager: Staff, draft: FeaturePage
) -> None:
    _send(editor, draft, "新茶が届きました")
    asked = OutgoingMail.objects.get()
    assert (asked.to, asked.subject) == ("manager@example.jp", "承認のお願い: 新茶の季節")
    assert _decide(editor, draft, "approve") == 302 and not Page.objects.get(pk=draft.pk).live
    _decide(manager, draft, "approve", comment="")
    assert Page.objects.get(pk=draft.pk).live
    told = OutgoingMail.objects.get(to="editor@example.jp")
    assert told.subject == "承認されました: 新茶の季節"


def test_an_editor_cannot_publish(editor: Staff, draft: FeaturePage) -> None:
    _send(editor, draft, "新茶が届きました", act="action-publish")
    assert not Page.objects.get(pk=draft.pk).live


def test_a_warned_word_passes_only_by_who_has_seen_it_and_that_is_kept(
    editor: Staff, manager: Staff, draft: FeaturePage
) -> None:
    _send(editor, draft, "無添加のお菓子です")
    _decide(manager, draft, "approve", comment="")
    assert not Page.objects.get(pk=draft.pk).live and not LegalNote.objects.exists()
    _decide(manager, draft, "approve", comment="", acknowledged="on")
    assert Page.objects.get(pk=draft.pk).live
    note = LegalNote.objects.get()
    assert (note.word, note.by, note.excerpt) == ("無添加", manager, "【無添加】のお菓子です")


def test_the_manager_who_publishes_alone_is_asked_as_well(manager: Staff, draft: FeaturePage) -> None:
    seen = _send(manager, draft, "無添加のお菓子です", act="action-publish")
    assert "確認が必要なことばがあります" in seen and not Page.objects.get(pk=draft.pk).live
    _send(manager, draft, "無添加のお菓子です", act="action-publish", legal_acknowledged="on")
    assert Page.objects.get(pk=draft.pk).live and LegalNote.objects.get().by == manager


def test_no_way_leads_a_forbidden_word_to_the_public() -> None:
    with pytest.raises(DomainError, match="日本一"):
        writers.feature("日本一の店")
    page = writers.feature("よい店")
    with pytest.raises(DomainError):
        writing.rewrite_page(page.pk, lead="必ず痩せるお茶", by=None)
    assert FeaturePage.objects.get(pk=page.pk).lead == ""


def test_a_picture_without_words_is_told_before_it_goes_out(
    manager: Staff, draft: FeaturePage, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    silent = writers.picture(description="")
    seen = _send(manager, draft, "よいお茶", act="action-publish", picture=str(silent.pk))
    assert "代替テキスト" in seen and not Page.objects.get(pk=draft.pk).live


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """later(moment): from here on it is that moment, for Wagtail as well."""
    return lambda moment: monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def _plan(page: FeaturePage, **told: Any) -> datetime:
    """Planned for an hour from now."""
    found = FeaturePage.objects.get(pk=page.pk)
    found.go_live_at = timezone.now() + timedelta(hours=1)
    for name, value in told.items():
        setattr(found, name, value)
    found.save_revision().publish()
    return found.go_live_at


def test_what_is_planned_goes_out_once_at_its_moment_and_leaves_at_its_end(
    draft: FeaturePage, later: Callable[[datetime], None]
) -> None:
    due = _plan(draft, expire_at=timezone.now() + timedelta(days=1))
    later(due - timedelta(seconds=1))
    assert publishing.run_due() == 0
    later(due + timedelta(seconds=1))
    assert (publishing.run_due(), publishing.run_due()) == (1, 0)
    assert FeaturePage.objects.get(pk=draft.pk).live
    later(due + timedelta(days=2))
    assert (publishing.run_due(), publishing.run_due()) == (1, 0)
    page = FeaturePage.objects.get(pk=draft.pk)
    assert (page.live, page.expired) == (False, True)


def test_a_planned_page_with_a_word_that_became_forbidden_stays_and_the_manager_hears(
    manager: Staff, draft: FeaturePage, later: Callable[[datetime], None]
) -> None:
    due = _plan(draft, lead="ひみつの新語")
    words.save_word(LegalWord(word="ひみつの新語", law="premiums", level="stop", why="試し"), by=None)
    later(due + timedelta(minutes=1))
    assert publishing.run_due() == 0
    assert not Page.objects.get(pk=draft.pk).live
    assert not Revision.page_revisions.filter(approved_go_live_at__isnull=False).exists()
    assert (
        OutgoingMail.objects.get(to="manager@example.jp").subject
        == "予約どおりに公開できませんでした: 新茶の季節"
    )
    assert Activity.objects.filter(verb="publish_refused").count() == 1


def test_the_job_may_run_at_any_time() -> None:
    tasks.publish_due(0)


def test_the_list_as_delivered_knows_more_than_120_expressions_of_three_laws() -> None:
    assert LegalWord.objects.count() >= 120
    assert set(LegalWord.objects.values_list("law", flat=True)) == {"premiums", "medicines", "health"}
    assert all(words.folded(row.word) == row.key for row in LegalWord.objects.all())
    assert not LegalWord.objects.filter(why="").exists()


def test_the_same_word_in_another_spelling_is_refused() -> None:
    with pytest.raises(DomainError, match="ダイエット"):
        words.save_word(LegalWord(word="ﾀﾞｲｴｯﾄ", law="health", level="warn", why="試し"), by=None)
