"""Pure decisions of shipping (出荷の判断): which carrier and service, does this scan belong into the box."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from akinai.core.tax import Rounding, TaxLine, share, tax_by_rate
from akinai.shipping.errors import WrongItem

MAIL_WORDS = ("ネコポス", "ゆうパケット", "メール便", "クリックポスト", "ゆうメール")
COMPACT_WORDS = ("コンパクト",)
SLOTS = {
    "am": "午前中", "1214": "12-14時", "1416": "14-16時", "1618": "16-18時", "1820": "18-20時", "1921": "19-21時",
    "2021": "20-21時",
}  # fmt: skip


def choose_carrier(*, asked: str, known: Iterable[str], default: str) -> str:
    """運送会社: what the mall or the clerk asked for when we know it, else the default one ("" when there is none)."""
    return asked if asked and asked in set(known) else default


def choose_service(*, delivery_method: str, cod_yen: int) -> str:
    """サービス: 代引 is always a parcel with collection; a mail service only where the buyer chose it by name."""
    if cod_yen:
        return "cod"
    method = unicodedata.normalize("NFKC", delivery_method)
    if any(word in method for word in MAIL_WORDS):
        return "mail"
    return "compact" if any(word in method for word in COMPACT_WORDS) else "parcel"


def choose_temperature(delivery_method: str) -> str:
    """温度帯, only where the buyer chose it by name."""
    method = unicodedata.normalize("NFKC", delivery_method)
    if "冷凍" in method:
        return "frozen"
    return "chilled" if any(word in method for word in ("冷蔵", "クール", "チルド")) else ""


def cod_yen(*, payment: str, total_yen: int, paid_yen: int = 0) -> int:
    """代引金額: what the driver collects; 0 for every other way of paying."""
    return max(total_yen - paid_yen, 0) if payment == "cod" else 0


def part_cod_yen(
    *, payment: str, total_yen: int, paid_yen: int, asked_yen: int, share_yen: int | None
) -> int:
    """代引金額 of a part: its share, the last part (`share_yen` None) all that is left. `asked_yen` is what the other parts
    collect; what of it is booked already stands in `paid_yen`, too, so the greater of both is what has been seen to."""
    left = max(total_yen - max(paid_yen, asked_yen), 0) if payment == "cod" else 0
    return left if share_yen is None else min(max(share_yen, 0), left)


def tax_within(lines: Sequence[TaxLine], *, total_yen: int, rounding: Rounding) -> int:
    """内消費税額 of what is charged: rounded once per rate, after the cut that leads from the lines to `total_yen`.

    0 when the lines are less than the total: then something is charged that we know no rate of.
    """
    sums: dict[int, int] = defaultdict(int)
    for line in lines:
        sums[line.rate] += line.amount_yen
    cut = sum(sums.values()) - total_yen
    if cut < 0 or not total_yen:
        return 0
    cuts = share(cut, list(sums.values()))
    charged = [TaxLine(amount - part, rate) for (rate, amount), part in zip(sums.items(), cuts, strict=True)]
    return sum(rate.tax_yen for rate in tax_by_rate(charged, rounding=rounding, inclusive=True))


@dataclass(frozen=True, slots=True)
class BoxLine:
    """What belongs into the box. `codes` are all codes its label may carry (SKU, JAN, the mall's code)."""

    line_id: int
    name: str
    codes: tuple[str, ...]
    quantity: int


@dataclass(frozen=True, slots=True)
class Checked:
    """検品の進み: pieces scanned per `line_id`."""

    scanned: dict[int, int]
    lines: tuple[BoxLine, ...]

    @property
    def is_complete(self) -> bool:
        return all(self.scanned[line.line_id] == line.quantity for line in self.lines)

    @property
    def missing(self) -> int:
        return sum(line.quantity - self.scanned[line.line_id] for line in self.lines)


def scan_key(code: str) -> str:
    """A scanned or typed code, folded: NFKC, upper case, no spaces; UPC-A gets the leading 0 of EAN-13."""
    key = re.sub(r"\s+", "", unicodedata.normalize("NFKC", code)).upper()
    return f"0{key}" if re.fullmatch(r"\d{12}", key) else key


def check_scans(lines: Sequence[BoxLine], scans: Sequence[str]) -> Checked:
    """検品: go through the scans in order. Raises WrongItem at the first that is not in the box or one too many."""
    scanned = {line.line_id: 0 for line in lines}
    for scan in scans:
        line = _line_for(lines, scan, scanned)
        scanned[line.line_id] += 1
    return Checked(scanned, tuple(lines))


def _line_for(lines: Sequence[BoxLine], scan: str, scanned: dict[int, int]) -> BoxLine:
    key = scan_key(scan)
    matching = [line for line in lines if key in {scan_key(code) for code in line.codes if code}]
    if not matching:
        raise WrongItem(
            f"「{scan}」はこの出荷の商品ではありません。",
            way_out="箱に入れず、商品と納品書を見比べてください。",
        )
    for line in matching:
        if scanned[line.line_id] < line.quantity:
            return line
    total = sum(line.quantity for line in matching)
    raise WrongItem(
        f"「{matching[0].name}」は {total} 点で足りています。{total + 1} 点目は入れられません。",
        way_out="余った 1 点を棚に戻してください。",
    )


def shelf_order(shelf: str, code: str) -> tuple[bool, str, str]:
    """棚の順: goods without a shelf come last, where somebody has to look for them."""
    return shelf == "", shelf, code


GOODS_WIDTH = (
    16  # full-width characters of 品名 that every carrier's label takes (佐川 has the shortest line)
)


def label_goods(name: str) -> str:
    """品名 on the label: malls' long titles without their decoration, cut to what a label takes (no legal content)."""
    plain = re.sub(r"[【\[〔].*?[】\]〕]", "", unicodedata.normalize("NFKC", name))
    plain = plain.encode("cp932", "ignore").decode("cp932").strip(" =@+-") or "商品"
    width, kept = 0.0, ""
    for char in plain:
        width += 1 if unicodedata.east_asian_width(char) in "WFA" else 0.5
        if width > GOODS_WIDTH:
            break
        kept += char
    return kept.strip()


def postal(code: str) -> str:
    """1234567 or 123-4567 → 123-4567; anything else as it was written."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", code))
    return f"{digits[:3]}-{digits[3:]}" if len(digits) == 7 else code
