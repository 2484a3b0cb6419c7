"""税率の言葉: as many ways as shops write them, and no guess."""

from __future__ import annotations

import pytest

from akinai.catalog.tax_words import UnknownTax, tax_kind_of

STANDARD = (
    "10%", "10", "１０％", "10.0%", "0.1", "0.10", "標準", "標準税率", "標準税率10%", "標準 10%", "課税", "課税10%", "内税10%", "税込10%",
    "消費税10%", "10パーセント", "通常", "普通", "standard", "10％（標準税率）",
)  # fmt: skip
REDUCED = (
    "8%", "8", "８％", "8.0%", "0.08", "軽減", "軽減税率", "軽減8%", "軽減税率8%", "軽8%", "8%軽減", "8%(軽減)", "8％（軽減税率）",
    "軽減税率対象", "※", "課税8%", "reduced", "軽減 8%",
)  # fmt: skip
EXEMPT = ("0", "0%", "0.0", "非課税", "不課税", "免税", "対象外", "課税対象外", "exempt")
UNKNOWN = (
    "5%", "3%", "12%", "100", "abc", "税", "TRUE", "軽減10%", "標準8%", "10% 8%", "10円引き", "10%引き", "非課税10%", "1.1", "80%", "", "%",
)  # fmt: skip


@pytest.mark.parametrize(
    ("word", "kind"),
    [(w, "standard") for w in STANDARD] + [(w, "reduced") for w in REDUCED] + [(w, "exempt") for w in EXEMPT],
)
def test_a_known_way_of_writing_is_read(word: str, kind: str) -> None:
    assert tax_kind_of(word) == kind


@pytest.mark.parametrize("word", UNKNOWN)
def test_what_says_no_kind_or_two_is_refused_with_the_way_out(word: str) -> None:
    with pytest.raises(UnknownTax, match="「10%」「軽減8%」「非課税」"):
        tax_kind_of(word)
