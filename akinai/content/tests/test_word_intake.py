"""注意することば by file: all or nothing, and back."""

from __future__ import annotations

import pytest

from akinai.content.models import LegalWord
from akinai.content.tests import writers
from akinai.content.word_intake import WordsKind
from akinai.core import intake
from akinai.core.models import IntakeFile

pytestmark = pytest.mark.django_db
HEAD = "ことば,法律,扱い,なぜ,言いかえ\n"


def _plan(text: str) -> tuple[IntakeFile, intake.Plan]:
    by = writers.staff("店の長", "店長")
    return intake.preview(WordsKind(), [intake.Upload("words.csv", text.encode("cp932"))], options={}, by=by)


def test_new_words_come_in_known_ones_change_and_the_undo_brings_both_back() -> None:
    before = LegalWord.objects.count()
    row, plan = _plan(
        HEAD
        + "奇跡の一滴,景品表示法,停止,根拠がない,とっておき\nﾆﾎﾝｲﾁ,景品表示法,停止,カナも,\n日本一,景品表示法,確認,根拠,\n"
    )
    assert (plan.created, plan.changed, plan.errors) == (2, 1, [])
    by = writers.staff("店の長", "店長")
    done = intake.apply(row, by=by)
    assert LegalWord.objects.get(word="日本一").level == "warn" and LegalWord.objects.count() == before + 2
    intake.undo(done if isinstance(done, IntakeFile) else IntakeFile.objects.get(pk=row.pk), by=by)
    assert LegalWord.objects.get(word="日本一").level == "stop"
    assert not LegalWord.objects.get(word="奇跡の一滴").is_active


def test_a_wrong_row_is_told_by_line_and_column_and_nothing_is_written() -> None:
    before = LegalWord.objects.count()
    _row, plan = _plan(HEAD + "最高の茶,刑法,停止,根拠,\n最高の茶,景品表示法,だめ,,\n")
    assert plan.refused and LegalWord.objects.count() == before
    told = {(error.line, error.column) for error in plan.errors}
    assert {(2, "法律"), (3, "ことば"), (3, "扱い"), (3, "なぜ")} <= told
