"""変更の影響: what a change of an order does to goods, tax, points, money and its state. Two pictures in, rows out. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from akinai.core.money import yen
from akinai.core.tax import RateTotal
from akinai.orders.fee_ports import UNKNOWN, ShippingCharge
from akinai.orders.preview_ports import DELIVERY, GOODS, MONEY, Consequence


@dataclass(frozen=True, slots=True)
class LinePicture:
    """明細 as it stands: ordered and promised pieces."""

    line_no: int
    code: str
    name: str
    quantity: int
    unit_price_yen: int
    held: int
    wanted: int

    @property
    def short(self) -> int:
        return max(self.wanted - self.held, 0)


@dataclass(frozen=True, slots=True)
class Picture:
    """受注 as it stands, as far as a change may touch it. `amounts`: (title, yen) of the parts; `words`: (title, text)."""

    state: str
    is_cancelled: bool
    is_settled: bool
    lines: tuple[LinePicture, ...]
    amounts: tuple[tuple[str, int], ...]
    taxes: tuple[RateTotal, ...]
    points_yen: int
    total_yen: int
    paid_yen: int
    words: tuple[tuple[str, str], ...]
    holds: tuple[str, ...]
    issues: tuple[str, ...]
    shipping_yen: int = 0
    charge: ShippingCharge = UNKNOWN  # what the fee table says


@dataclass(frozen=True, slots=True)
class Row:
    """影響の 1 行."""

    title: str
    before: str
    after: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """影響 of one kind. `about` is what consequences of other rooms refer to."""

    title: str
    icon: str
    rows: tuple[Row, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """変更の影響, with what other rooms say. `fingerprint` is the same only while the truth is the same."""

    groups: tuple[Group, ...]
    told: tuple[Consequence, ...] = ()
    table_yen: int | None = (
        None  # 送料 that the fee table says after the change, where it is another one than is charged
    )

    @property
    def fingerprint(self) -> str:
        text = json.dumps(
            [asdict(group) for group in self.groups] + [one.text for one in self.told], ensure_ascii=False
        )
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def tone(self) -> str:
        tones = {row.tone for group in self.groups for row in group.rows} | {one.tone for one in self.told}
        return next((tone for tone in ("bad", "warn") if tone in tones), "")


def preview(before: Picture, after: Picture, told: Sequence[Consequence]) -> Preview:
    """What changes from one picture to the other. Of what others told, only what this change touches."""
    groups = (
        Group("明細", "list", tuple(_lines(before, after)), GOODS),
        Group("在庫", "box", tuple(_goods(before, after)), GOODS),
        Group("金額と税", "yen", tuple(_amounts(before, after)), MONEY),
        Group("送料表", "truck", tuple(_charge(before, after)), MONEY),
        Group("お金", "wallet", tuple(_money(before, after)), MONEY),
        Group("お届け・支払い", "truck", tuple(_words(before, after)), DELIVERY),
        Group("状態と確認", "check", tuple(_questions(before, after)), ""),
    )
    shown = tuple(group for group in groups if group.rows)
    about = {group.about for group in shown}
    if after.is_cancelled:
        about |= {MONEY, GOODS, DELIVERY}
    moved = any(_charge(before, after)) and not after.is_settled
    table_yen = after.charge.yen if moved and after.charge.yen != after.shipping_yen else None
    return Preview(shown, tuple(one for one in told if one.about & about), table_yen)


def _lines(before: Picture, after: Picture) -> Iterator[Row]:
    old, new = ({line.line_no: line for line in one.lines} for one in (before, after))
    for no in sorted(old.keys() | new.keys()):
        was, now = _pieces(old.get(no)), _pieces(new.get(no))
        if was != now:
            line = new.get(no) or old[no]
            yield Row(f"{no}. {line.code or line.name[:30]}", was, now, line.name[:60])


def _pieces(line: LinePicture | None) -> str:
    return f"{line.quantity:,} × {yen(line.unit_price_yen)}" if line and line.quantity else "なし"


def _goods(before: Picture, after: Picture) -> Iterator[Row]:
    old, new = ({line.line_no: line for line in one.lines} for one in (before, after))
    for no in sorted(old.keys() | new.keys()):
        was, now = _promised(old.get(no)), _promised(new.get(no))
        if was == now:
            continue
        line = new.get(no) or old[no]
        freed = (old[no].held if no in old else 0) - (new[no].held if no in new else 0)
        short = new[no].short if no in new else 0
        note = f"{freed:,} 点は次の注文に回ります" if freed > 0 else ""
        if short:
            note = f"{short:,} 点足りません。入荷を待つ列に並びます"
        yield Row(f"{no}. {line.code or line.name[:30]}", was, now, note, "warn" if short else "")


def _promised(line: LinePicture | None) -> str:
    if line is None or not line.wanted:
        return "なし"
    return f"引当 {line.held:,}/{line.wanted:,}"


def _amounts(before: Picture, after: Picture) -> Iterator[Row]:
    for (title, was), (_, now) in zip(before.amounts, after.amounts, strict=True):
        if was != now:
            yield Row(title, yen(was), yen(now), _by(was, now))
    old, new = ({tax.rate: tax for tax in one.taxes} for one in (before, after))
    for rate in sorted(old.keys() | new.keys(), reverse=True):
        was_tax, now_tax = (one[rate].tax_yen if rate in one else 0 for one in (old, new))
        if was_tax != now_tax or (rate in old) != (rate in new):
            gross = new[rate].gross_yen if rate in new else 0
            yield Row(f"消費税 {rate}%", yen(was_tax), yen(now_tax), f"{rate}%対象 {yen(gross)}")
    if before.points_yen != after.points_yen:
        gone = before.points_yen - after.points_yen
        note = f"{gone:,} ポイントをお客様に戻してください" if gone > 0 else f"{-gone:,} ポイントを使います"
        yield Row(
            "ポイント利用", yen(before.points_yen), yen(after.points_yen), note, "warn" if gone > 0 else ""
        )
    if before.total_yen != after.total_yen:
        note = _by(before.total_yen, after.total_yen)
        yield Row("請求金額", yen(before.total_yen), yen(after.total_yen), note, "strong")


def _charge(before: Picture, after: Picture) -> Iterator[Row]:
    """送料表の送料, where the change makes it another one; the charge itself stays until the clerk takes it."""
    was, now = before.charge, after.charge
    if was.yen == now.yen or after.is_cancelled:
        return
    stays = "" if now.yen == after.shipping_yen else f"。請求する送料は {yen(after.shipping_yen)} です"
    old, new = ("不明" if one.yen is None else yen(one.yen) for one in (was, now))
    yield Row("送料表の送料", old, new, f"{now.told}{stays}", "warn" if stays else "")


def _by(was: int, now: int) -> str:
    return f"＋{yen(now - was)}" if now > was else f"▲{yen(was - now)}"


def _money(before: Picture, after: Picture) -> Iterator[Row]:
    if after.is_cancelled and not before.is_cancelled:
        if after.paid_yen:
            yield Row(
                "入金済み",
                yen(after.paid_yen),
                yen(after.paid_yen),
                f"{yen(after.paid_yen)} をお返しします",
                "warn",
            )
        elif after.is_settled:
            note = f"チャネルで決済済みの {yen(after.total_yen)} を、モール・決済会社でお返しします"
            yield Row("決済", "決済済み", "要返金", note, "warn")
        else:
            yield Row("未入金", yen(before.total_yen), yen(0), "お返しするお金はありません")
        return
    if before.is_settled != after.is_settled:
        words = ("決済済み" if one.is_settled else "まだ" for one in (before, after))
        yield Row("決済", *words)
    if before.total_yen == after.total_yen:
        return
    if after.is_settled and not after.paid_yen:
        gone = before.total_yen - after.total_yen
        act = f"差額 {yen(gone)} をお返しください" if gone > 0 else f"差額 {yen(-gone)} をご請求ください"
        note = f"決済済みの金額は変わりません。モール・決済会社の画面で、{act}"
        yield Row("決済済みの金額", yen(before.total_yen), yen(after.total_yen), note, "warn")
        return
    was, now = before.total_yen - before.paid_yen, after.total_yen - after.paid_yen
    yield Row("未入金", yen(was), yen(now), f"入金済み {yen(after.paid_yen)}" if after.paid_yen else "")


def _words(before: Picture, after: Picture) -> Iterator[Row]:
    for (title, was), (_, now) in zip(before.words, after.words, strict=True):
        if was != now:
            yield Row(title, was or "なし", now or "なし")


def _questions(before: Picture, after: Picture) -> Iterator[Row]:
    if before.state != after.state:
        yield Row("状態", before.state, after.state)
    for reason in after.holds:
        if reason not in before.holds:
            yield Row("保留になります", "", reason, tone="warn")
    for message in after.issues:
        if message not in before.issues:
            yield Row("確かめることが増えます", "", message, tone="warn")
    gone = [
        reason for reason in (*before.holds, *before.issues) if reason not in (*after.holds, *after.issues)
    ]
    for reason in gone:
        yield Row("解消します", reason, "")
