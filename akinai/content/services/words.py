"""注意することば: look at a page, refuse, let pass with a note of who said so; keep the list itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from akinai.content import legal, texts
from akinai.content.models import LegalNote, LegalWord
from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.core.kana import search_key

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that a law speaks of."""

    row: LegalWord
    field: str
    place: str
    around: str

    @property
    def sentence(self) -> str:
        """What, where, why, and the way out, on one line."""
        instead = (
            f"「{self.row.instead}」のように言いかえてください。"
            if self.row.instead
            else "ほかの言い方にしてください。"
        )
        return f"{self.place}: {self.around}　「{self.row.word}」は{self.row.get_law_display()}で注意が要ります（{self.row.why}）。{instead}"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a text found, in the order of the text."""

    hits: tuple[Hit, ...]

    @property
    def forbidden(self) -> tuple[Hit, ...]:
        return tuple(hit for hit in self.hits if hit.row.level == LegalWord.Level.STOP)

    @property
    def warned(self) -> tuple[Hit, ...]:
        return tuple(hit for hit in self.hits if hit.row.level == LegalWord.Level.WARN)


def folded(text: str) -> str:
    """The key a word is found by."""
    return search_key(text)


def active() -> dict[legal.Word, LegalWord]:
    """The words in use, ready to be looked for: one query."""
    return {as_word(row): row for row in LegalWord.objects.filter(is_active=True)}


def as_word(row: LegalWord) -> legal.Word:
    phrases = tuple(filter(None, (folded(phrase) for phrase in row.except_in.replace(",", "、").split("、"))))
    return legal.Word(row.word, row.key, row.whole_word, phrases)


def look(page: Any) -> Looked:
    """The page as it stands in this object."""
    return look_through(texts.of_page(page))


def look_at(page: Any, values: Mapping[str, Any]) -> Looked:
    """What somebody is about to save of a page."""
    return look_through(texts.of_values(page, values))


def look_through(
    passages: Iterable[texts.Passage], words: Mapping[legal.Word, LegalWord] | None = None
) -> Looked:
    """Any texts; `words` are read once by who looks through many."""
    words = active() if words is None else words
    return Looked(
        tuple(
            Hit(words[found.word], passage.field, passage.place, found.around)
            for passage in passages
            for found in legal.find(passage.text, words)
        )
    )


def look_at_texts(told: Mapping[str, str]) -> Looked:
    """Texts of another room, by the name of their place."""
    return look_through([texts.Passage(place, place, text) for place, text in told.items() if text.strip()])


def refuse_forbidden(page: Any) -> None:
    """Raises DomainError when the page says what must not be published."""
    if hits := look(page).forbidden:
        raise forbidden(str(page), hits)


def forbidden(name: str, hits: Iterable[Hit]) -> DomainError:
    told = list(hits)
    more = f" ほか {len(told) - 1} か所。" if len(told) > 1 else ""
    return DomainError(
        f"「{name}」に公開できないことばがあります。{told[0].sentence}{more}",
        way_out="直してから、もう一度公開してください。", code="legal_word",
    )  # fmt: skip


@transaction.atomic
def let_pass(page: Any, *, revision_id: int | None, acknowledged: bool, by: Staff | None) -> None:
    """The approver's word on a page: nothing forbidden, and each warned word seen. Raises DomainError otherwise."""
    looked = look(page)
    if looked.forbidden:
        raise forbidden(str(page), looked.forbidden)
    if looked.warned and not acknowledged:
        raise DomainError(
            f"確認が必要なことばが {len(looked.warned)} か所あります。{looked.warned[0].sentence}",
            way_out="承認の画面で、確かめたことに印を付けてください。", code="legal_word_unseen",
        )  # fmt: skip
    note(looked.warned, page_id=page.pk, revision_id=revision_id, by=by)


def note(
    hits: Iterable[Hit], *, by: Staff | None, page_id: int | None = None, release_id: int | None = None, revision_id: int | None = None
) -> None:  # fmt: skip
    """Keep who let these words pass."""
    LegalNote.objects.bulk_create(
        LegalNote(
            page_id=page_id, release_id=release_id, revision_id=revision_id, word=hit.row.word, law=hit.row.law,
            place=hit.place[:120], excerpt=hit.around[:200], by=by,
        )
        for hit in hits
    )  # fmt: skip


def silent_pictures(page: Any, values: Mapping[str, Any]) -> list[str]:
    """代替テキスト: pictures of the page that say nothing to those who cannot see them."""
    from wagtail.images import get_image_model
    from wagtail.images.blocks import ImageBlock

    told: list[str] = []
    heading = values.get("picture")
    if heading is not None and not getattr(heading, "description", "x"):
        told.append(
            f"見出しの画像「{heading}」に説明（代替テキスト）がありません。画像のライブラリで入れてください。"
        )
    for name in page.said:
        for block, value in texts.walk(values.get(name)):
            if not isinstance(block, ImageBlock) or not isinstance(value, get_image_model()):
                continue
            if not value.decorative and not (value.contextual_alt_text or value.description):
                told.append(
                    f"本文の画像「{value}」に説明（代替テキスト）がありません。画像の欄で入れるか、飾りであることに印を付けてください。"
                )
    return told


@transaction.atomic
def save_word(row: LegalWord, *, by: Staff | None) -> LegalWord:
    """Keep a word of the list. Raises DomainError when the list has it already in another spelling."""
    row.key = folded(row.word)
    if not row.key:
        raise DomainError("ことばが空です。", way_out="探すことばを入れてください。")
    twin = LegalWord.objects.filter(key=row.key).exclude(pk=row.pk).first()
    if twin is not None:
        raise DomainError(f"「{twin.word}」がもう載っています。", way_out="そちらを直してください。")
    is_new, row.updated_at = row.pk is None, clock.now()
    row.save()
    activity.record(
        row, "create" if is_new else "update", by=by, summary=f"{row.word}（{row.get_level_display()}）"
    )
    return row
