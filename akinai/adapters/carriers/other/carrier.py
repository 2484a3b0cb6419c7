"""No carrier software at all: labels are written by hand, a number may be anything short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from akinai.core.tables import refuse
from akinai.shipping.ports import Label, LabelFile, Setting, TrackingFile

LONGEST = 20


class Other:
    """その他の届け方. See `shipping.ports.Carrier`."""

    code = "other"
    title = "その他（手渡し・自社配送）"
    tracking_url = ""
    settings: tuple[Setting, ...] = ()
    slots: tuple[str, ...] = ("am", "1214", "1416", "1618", "1820", "1921", "2021")

    def write_labels(self, labels: Sequence[Label], *, account: Mapping[str, str], today: date) -> LabelFile:
        """No file is needed; every label is fine."""
        return LabelFile("", b"", tuple(label.reference for label in labels), ())

    def sniff_result(self, data: bytes, filename: str) -> bool:
        return False

    def read_result(self, data: bytes, filename: str) -> TrackingFile:
        raise refuse(
            filename,
            "手渡し・自社配送には送り状番号のファイルがありません。出荷の画面で番号を手で登録してください（番号がなくても出荷できます）。",
        )

    def check_number(self, number: str) -> str:
        plain = number.strip()
        if len(plain) > LONGEST:
            return f"番号「{plain[:LONGEST]}…」が長すぎます。{LONGEST}文字以内にしてください。"
        if not plain.isprintable():
            return "番号に改行などの見えない文字があります。消してから登録してください。"
        return ""
