"""送り状データ: one carrier's file for one batch, kept as it was written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from akinai.core import activity, clock
from akinai.core.tax import STANDARD, Rounding, TaxLine
from akinai.party import queries as party
from akinai.shipping import rules
from akinai.shipping.errors import NoCarrier, NotShippable
from akinai.shipping.models import CarrierAccount, LabelExport, Shipment, ShippingBatch
from akinai.shipping.ports import CARRIERS, Carrier, Label, LabelFile, Party, with_defaults
from akinai.shipping.states import ShipmentState

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.party.models import Company
    from akinai.staff.models import Staff


@transaction.atomic
def export_labels(batch: ShippingBatch, *, carrier: str, by: Staff | None) -> LabelExport:
    """送り状データの出力: labels of the batch's open shipments of one carrier.

    Shipments whose address does not fit are not in the file and stand in `problems` with the way out. The file can be
    downloaded again as it was. Raises NoCarrier, NotShippable when there is nothing to write.
    """
    door = CARRIERS.get(carrier)
    if door is None:
        raise NoCarrier(
            f"運送会社「{carrier}」の送り状データは作れません。", way_out="運送会社の設定を確かめてください。"
        )
    shipments = _open_shipments(batch, carrier)
    if not shipments:
        raise NotShippable(
            f"{batch.number} に {door.title} でこれから出す出荷がありません。",
            way_out="運送会社と状態を確かめてください。",
        )
    company = party.company()
    labels = [label_of(shipment, company=company) for shipment in shipments]
    written = door.write_labels(labels, account=_account(door), today=clock.today())
    export = _keep(batch, carrier, written, by)
    exported = [shipment.pk for shipment in shipments if shipment.number in set(written.references)]
    with_others = Q(pk__in=exported) | Q(rides_with__in=exported)
    Shipment.objects.filter(with_others).update(labels_exported_at=clock.now())
    left_out = len(shipments) - len(exported)
    summary = f"{door.title} の送り状データ {written.count} 件を出力（載せられなかったもの {left_out} 件）"
    activity.record(batch, "export_labels", by=by, summary=summary)
    return export


def _keep(batch: ShippingBatch, carrier: str, written: LabelFile, by: Staff | None) -> LabelExport:
    """The file as it was written, to be downloaded again."""
    return LabelExport.objects.create(
        batch=batch,
        carrier=carrier,
        filename=written.filename,
        data=written.data,
        count=written.count,
        problems=[
            {"reference": p.reference, "field": p.field, "value": p.value, "message": p.message}
            for p in written.problems
        ],
        created_by=by,
    )


def _open_shipments(batch: ShippingBatch, carrier: str) -> list[Shipment]:
    return list(
        Shipment.objects.filter(
            batch=batch,
            carrier=carrier,
            rides_with=None,
            state__in=[ShipmentState.INSTRUCTED, ShipmentState.PACKED],
        )
        .select_related("order", "address")
        .prefetch_related("lines__order_line", "riders__lines__order_line")
        .order_by("pk")
    )


def _account(door: Carrier) -> dict[str, str]:
    account = CarrierAccount.objects.filter(carrier=door.code).first()
    return with_defaults(door.settings, account.settings if account else {})


def label_of(shipment: Shipment, *, company: Company) -> Label:
    """送り状 1 枚: the parcel's address, our company as the sender."""
    order, to = shipment.order, shipment.to
    inside = [shipment, *shipment.riders.all()]
    cod = sum(one.cod_yen for one in inside)
    return Label(
        reference=shipment.number,
        to=Party(
            name=to.name or order.buyer_name,
            postal_code=re.sub(r"\D", "", to.postal_code),
            prefecture=to.prefecture,
            city=to.city,
            line1=to.line1,
            line2=to.line2,
            company=to.company,
            phone=to.phone or order.buyer_phone,
            kana=to.kana,
            email=order.buyer_email,
        ),
        sender=sender_of(company),
        ship_on=shipment.ship_on,
        goods=tuple(rules.label_goods(line.order_line.name) for one in inside for line in one.lines.all())
        or ("商品",),
        delivery_on=shipment.delivery_on,
        delivery_slot=shipment.delivery_slot,
        cod_yen=cod,
        cod_tax_yen=_cod_tax(order, cod, company),
        parcels=shipment.parcel_count,
        temperature=shipment.temperature,
        service=shipment.service,
        note=shipment.label_note,
        fragile=shipment.is_fragile,
    )


def sender_of(company: Company) -> Party:
    """ご依頼主: the shop under the name the customer knows."""
    return Party(
        name=company.shop_name or company.name,
        postal_code=re.sub(r"\D", "", company.postal_code),
        prefecture=company.prefecture,
        city=company.city,
        line1=company.line1,
        line2=company.line2,
        phone=company.phone,
        email=company.email,
    )


def _cod_tax(order: Order, cod_yen: int, company: Company) -> int:
    """内消費税額等 of the amount collected: the mall's figure, or ours; 0 (left blank) when it is not certain."""
    if not cod_yen or cod_yen != order.total_yen:
        return 0
    if order.taxes:
        return sum(int(tax.get("tax_yen", 0)) for tax in order.taxes)
    lines = [line for line in order.lines.all() if line.quantity]
    if not all(line.price_includes_tax for line in lines):
        return 0
    fees = order.shipping_yen + order.cod_fee_yen + order.payment_fee_yen + order.wrapping_yen
    return rules.tax_within(
        [*(TaxLine(line.subtotal_yen, line.tax_rate) for line in lines), TaxLine(fees, STANDARD)],
        total_yen=cod_yen,
        rounding=Rounding(company.tax_rounding),
    )
