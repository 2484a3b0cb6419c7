"""帳票: picking list and packing slips as PDF. Reads and draws; writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from akinai.core import typeset
from akinai.core.bar_patterns import code128
from akinai.core.money import yen
from akinai.orders import gifts
from akinai.party import queries as party
from akinai.shipping import boxes, queries, rules
from akinai.ui.formats import jdate, long_date

if TYPE_CHECKING:
    from akinai.shipping.boxes import Piece
    from akinai.shipping.models import Shipment, ShipmentLine, ShippingBatch

TEMPLATES = Path(__file__).resolve().parent / "typst"
REDUCED = 8
MANY_PAGES = 60
FOOTER = "この納品書は出荷の明細です。お届けした商品にお気づきの点がありましたら、上記までご連絡ください。"


def picking_pdf(batch: ShippingBatch) -> bytes:
    """ピッキングリスト of what is still to leave of a batch."""
    wave = [["ウェーブ", batch.wave_title]] if batch.wave else []
    facts = [*wave, ["出荷指示", batch.number], ["出荷予定日", jdate(batch.ship_on)]]
    return picking_of(queries.with_papers(queries.open_in(batch)), name=batch.number, facts=facts)


def picking_of(shipments: Sequence[Shipment], *, name: str, facts: Sequence[Sequence[str]] = ()) -> bytes:
    """ピッキングリスト: totals by shelf, then each shipment's share. `name` stands in the footer of every sheet."""
    picks = queries.picks([shipment.pk for shipment in shipments])
    inside = boxes.pieces_of(_lines(shipments))
    pieces = sum(pick.quantity for pick in picks)
    places = "・".join(sorted({shipment.location.name for shipment in shipments}))
    data = {
        "number": name,
        "facts": [*facts, ["出荷元", places]],
        "pick_lead": f"{len(picks):,} 品目・{pieces:,} 点",
        "sort_lead": f"{len(shipments):,} 件を棚の順に仕分けます（納品書も同じ順に印刷されます）",
        "picks": [
            {
                "shelf": pick.shelf or "（棚番なし）",
                "code": pick.code,
                "name": pick.name,
                "variant": pick.variant,
                "jan": pick.jan,
                "quantity": f"{pick.quantity:,}",
            }
            for pick in picks
        ],
        "shipments": [_sorting(shipment, inside) for shipment in shipments],
    }
    return _draw("picking.typ", data, pages=len(shipments) + len(picks) // 20)


def _draw(name: str, data: dict[str, Any], *, pages: int) -> bytes:
    """A few pages here; a whole day's in a process of its own."""
    if pages > MANY_PAGES:
        return typeset.render_apart(TEMPLATES / name, data)
    return typeset.render(TEMPLATES / name, data, tagged=False)


def _lines(shipments: Sequence[Shipment]) -> list[ShipmentLine]:
    """Lines of shipments whose papers were loaded; each knows its shipment."""
    lines = []
    for shipment in shipments:
        for line in shipment.lines.all():
            line.shipment = shipment
            lines.append(line)
    return lines


def _sorting(shipment: Shipment, inside: Mapping[int, Sequence[Piece]]) -> dict[str, Any]:
    order, to = shipment.order, shipment.to
    tags = [shipment.carrier_name]
    if shipment.rides_with:
        tags.append(f"同梱 {shipment.rides_with.number} の箱")
    if shipment.cod_yen:
        tags.append(f"代引 {yen(shipment.cod_yen)}")
    if shipment.delivery_on or shipment.delivery_slot:
        day = jdate(shipment.delivery_on)
        tags.append(f"{day} {rules.SLOTS.get(shipment.delivery_slot, '')}".strip())
    names = {line.pk: line.order_line.name for line in shipment.lines.all()}
    pieces = sorted(
        (piece for pk in names for piece in inside[pk]),
        key=lambda one: rules.shelf_order(one.shelf, one.code),
    )
    return {
        "number": shipment.number,
        "name": f"{to.name or order.buyer_name} 様",
        "place": f"{to.prefecture}{to.city}",
        "tags": tags,
        "note": " / ".join(
            text for text in (_gift(shipment).replace("\n", " / "), order.shop_note) if text.strip()
        ),
        "lines": [
            {
                "shelf": piece.shelf,
                "code": piece.code,
                "name": f"{piece.name} {piece.variant}（セット {piece.set_code}）"
                if piece.set_code
                else names[piece.line_id],
                "quantity": str(piece.quantity),
            }
            for piece in pieces
        ],
    }


def slips_pdf(shipments: Sequence[Shipment], *, with_prices: bool | None = None) -> bytes:
    """納品書, one page or more per shipment, in one file. `with_prices` overrides what each shipment says."""
    company = party.company()
    title = f"納品書 {shipments[0].number}" if len(shipments) == 1 else f"納品書 {len(shipments)} 件"
    inside = boxes.pieces_of(_lines(shipments))
    slips = [
        _slip(s, inside, with_prices=not s.hides_prices if with_prices is None else with_prices)
        for s in shipments
    ]
    data = {"title": title, "issuer": party.issuer_of(company), "slips": slips, "footer": FOOTER}
    return _draw("slip.typ", data, pages=len(slips))


def _greeting(shipment: Shipment) -> str:
    """Who opens a present has ordered nothing."""
    buyer = shipment.order.buyer_name
    if shipment.hides_prices and buyer and buyer != shipment.to.name:
        return f"{buyer} 様からのお届けものです。下記のとおりお届けいたします。"
    return "このたびはご注文いただきありがとうございます。下記のとおり納品いたします。"


def _slip(shipment: Shipment, inside: Mapping[int, Sequence[Piece]], *, with_prices: bool) -> dict[str, Any]:
    order, to = shipment.order, shipment.to
    parts = {line.order_line_id: inside[line.pk] for line in shipment.lines.all() if line.sku.is_set}
    # A parcel shows what it holds; an order that was not split shows its prices and charges as well.
    inside_of = {line.order_line_id: line.quantity for line in shipment.lines.all()}
    goods = [
        line for line in order.lines.all() if line.quantity and (not shipment.is_part or line.pk in inside_of)
    ]
    with_prices = with_prices and not shipment.is_part
    return {
        "number": shipment.number,
        "bars": code128(shipment.number),
        "recipient": _addressee(shipment),
        "postal_code": rules.postal(to.postal_code),
        "address": " ".join(f"{to.prefecture}{to.city}{to.line1} {to.line2}".split()),
        "greeting": _greeting(shipment),
        "facts": [
            ["出荷日", long_date(shipment.ship_on)],
            ["受注番号", order.number],
            ["ご注文番号", order.channel_order_no if with_prices else ""],
            ["ご注文者", f"{order.buyer_name} 様" if shipment.hides_prices and order.buyer_name else ""],
        ],
        "with_prices": with_prices and order.amounts_known,
        "has_reduced": any(line.tax_rate == REDUCED for line in goods),
        "lines": [
            {
                "no": str(line.line_no),
                "name": line.name,
                "note": " ".join(line.options.split()),
                "code": line.sku.code if line.sku else line.sku_code,
                "parts": [
                    f"{one.name} {one.variant}".strip() + f" × {one.quantity:,}"
                    for one in parts.get(line.pk, ())
                ],
                "quantity": f"{inside_of[line.pk] if shipment.is_part else line.quantity:,}",
                "unit_price": yen(line.unit_price_yen),
                "amount": yen(line.subtotal_yen),
                "reduced": line.tax_rate == REDUCED,
            }
            for line in goods
        ],
        "notes": _notes(shipment),
        "sums": _sums(shipment),
        "total": yen(order.total_yen),
    }


def _addressee(shipment: Shipment) -> str:
    to = shipment.to
    name = to.name or shipment.order.buyer_name
    if to.company and name and name != to.company:
        return f"{to.company} {name} 様"
    return f"{to.company} 御中" if to.company else f"{name} 様"


def _gift(shipment: Shipment, *, with_message: bool = True) -> str:
    """のし・ラッピング of what is in the box; the card's text is for those who pack."""
    lines = [line.order_line for line in shipment.lines.all()]
    return gifts.told(shipment.gift_note, lines, with_message=with_message)


def _notes(shipment: Shipment) -> list[dict[str, str]]:
    notes = _part_notes(shipment) + _merge_notes(shipment)
    if gift := _gift(shipment, with_message=False):
        notes.append({"title": "のし・ラッピング", "text": gift})
    if shipment.cod_yen and not shipment.hides_prices:
        notes.append(
            {"title": "代金引換", "text": f"お届けの際に {yen(shipment.cod_yen)} をお支払いください。"}
        )
    return notes


def _part_notes(shipment: Shipment) -> list[dict[str, str]]:
    """分納: what of the order is still to come. Prices stand on the paper of the whole order, not on a parcel's."""
    if not shipment.is_part:
        return []
    if shipment.address_id:
        text = "ご注文者様のご依頼により、こちらのお届け先の分をお届けします。"
        return [{"title": "このお届け先の分", "text": text}]
    rest = [(line, line.rest) for line in shipment.order.lines.all() if line.sku_id and line.rest]
    text = "ご注文の商品を、分けてお届けします。"
    if rest:
        names = "、".join(f"{line.name[:24]} {pieces:,} 点" for line, pieces in rest[:3])
        more = " ほか" if len(rest) > 3 else ""
        text += f"残り {sum(pieces for _, pieces in rest):,} 点（{names}{more}）は後送いたします。"
    return [{"title": "分けてのお届け", "text": text}]


def _merge_notes(shipment: Shipment) -> list[dict[str, str]]:
    """同梱: which other orders lie in the box."""
    lead = shipment.rides_with or shipment
    others = [one.order.channel_order_no for one in (lead, *lead.riders.all()) if one.pk != shipment.pk]
    if not others:
        return []
    text = f"ご注文 {'、'.join(others)} の商品と、1 つのお荷物でお届けします。"
    return [{"title": "同梱", "text": text}]


def _sums(shipment: Shipment) -> list[list[str]]:
    order = shipment.order
    goods = order.goods_yen or sum(line.subtotal_yen for line in order.lines.all())
    rows = [
        ("商品代", goods, True),
        ("送料", order.shipping_yen, True),
        ("代引手数料", order.cod_fee_yen, False),
        ("決済手数料", order.payment_fee_yen, False),
        ("ラッピング料", order.wrapping_yen, False),
        ("消費税（外税）", order.outer_tax_yen, False),
        ("調整額", order.adjustment_yen, False),
        ("値引・クーポン", -order.discount_yen, False),
        ("ポイント利用", -order.points_yen, False),
    ]
    return [[title, yen(amount)] for title, amount, always in rows if amount or always]
