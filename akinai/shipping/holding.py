"""個人データを持つ部屋としての出荷: labels were made for the carrier and are of no use after the parcel came; returns tell what the person said."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from akinai.core.intake.models import IntakeFile
from akinai.party import intake_files, keeping
from akinai.party.erasing import GONE
from akinai.party.ports import Erasee, Hindrance, Section, Share, Traces, keys_of, mentions, told
from akinai.shipping.models import LabelExport, OrderMerge, Parcel, ReturnCase, ReturnLine, Shipment
from akinai.shipping.queries import OPEN
from akinai.shipping.states import OPEN_RETURNS


class ParcelsHeld:
    """出荷・返品."""

    code = "shipping"

    def disclose(self, customer_ids: Sequence[int]) -> Sequence[Section]:
        sent = Shipment.objects.filter(order__customer__in=customer_ids).order_by("pk")
        back = ReturnCase.objects.filter(order__customer__in=customer_ids).order_by("pk")
        return [
            Section("お届け", told(sent, "number", "state", "carrier", "shipped_at", "delivered_on")),
            Section(
                "返品・交換", told(back, "number", "state", "requested_on", "note", "carrier", "tracking_no")
            ),
        ]

    def trace(self, customer_ids: Sequence[int]) -> Traces:
        return Traces(
            rows=keys_of(
                Shipment.objects.filter(order__customer__in=customer_ids),
                ReturnCase.objects.filter(order__customer__in=customer_ids),
            )
        )

    def hinder(self, customer_ids: Sequence[int]) -> Sequence[Hindrance]:
        back = ReturnCase.objects.filter(order__customer__in=customer_ids, state__in=OPEN_RETURNS)
        sent = Shipment.objects.filter(order__customer__in=customer_ids, state__in=OPEN)
        return [
            *(
                Hindrance(f"返品 {one.number} が終わっていません（{one.get_state_display()}）。", "精算するか、取り消してください。",
                          reverse("shipping:return", args=[one.number]))
                for one in back.order_by("pk")[:20]
            ),
            *(
                Hindrance(f"出荷 {one.number} がまだ出ていません。", "出荷するか、指示を取り消してください。",
                          reverse("shipping:detail", args=[one.number]))
                for one in sent.order_by("pk")[:20]
            ),
        ]  # fmt: skip

    def shares(self, erasee: Erasee) -> Sequence[Share]:
        mine = {"order__customer__in": erasee.customer_ids}
        sent = Shipment.objects.filter(**mine)
        back = ReturnCase.objects.filter(**mine)
        lines = ReturnLine.objects.filter(case__in=back).exclude(detail="")
        labels = LabelExport.objects.filter(batch__shipments__in=sent).distinct()
        numbers = Parcel.objects.filter(shipment__in=sent).exclude(intake_file=None)
        files = IntakeFile.objects.filter(pk__in=numbers.values("intake_file"))
        merges = OrderMerge.objects.filter(members__order__customer__in=erasee.customer_ids).distinct()
        return [
            Share("運送会社に渡した送り状データ（同じ束のほかの方の分も消えます）", labels, {"data": b"", "problems": []}),
            Share("送り状の記事", sent.exclude(label_note=""), {"label_note": ""}),
            Share("返品のお申し出・返送の送り状番号", back, {"note": "", "search_text": "", "carrier": "", "tracking_no": ""}),
            Share("返品の理由の補足", lines, {"detail": ""}),
            *intake_files.shares(
                "運送会社から受け取った送り状番号のファイル", files, law=keeping.TAX_DATA, until=keeping.until_of(sent, "ship_on")
            ),
            Share("同梱の理由", mentions(merges, erasee.words, "told"), {"told": GONE}),
        ]  # fmt: skip
