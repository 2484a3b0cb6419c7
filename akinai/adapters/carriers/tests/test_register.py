"""Every carrier keeps the port's promises."""

from __future__ import annotations

import pytest

from akinai.adapters.carriers import register_carriers
from akinai.adapters.carriers.tests.labels import TODAY, label
from akinai.core.tables import FileRefused
from akinai.shipping import ports


@pytest.fixture
def carriers(monkeypatch: pytest.MonkeyPatch) -> dict[str, ports.Carrier]:
    monkeypatch.setattr(ports, "CARRIERS", {})
    register_carriers()
    return ports.CARRIERS


def test_the_table_of_carriers(carriers: dict[str, ports.Carrier]) -> None:
    assert list(carriers) == ["yamato", "sagawa", "japanpost", "other"]
    assert [code for code, carrier in carriers.items() if "{no}" not in carrier.tracking_url] == ["other"]


def test_a_result_file_belongs_to_one_carrier(carriers: dict[str, ports.Carrier]) -> None:
    files = {
        "yamato": "お客様管理番号,送り状種類,伝票番号\r\nSH-1,0,123456789013\r\n",
        "sagawa": "お問合せ送り状No,お客様管理番号\r\n123456789013,SH-1\r\n",
        "japanpost": "お客様側管理番号,お問い合わせ番号\r\nSH-1,193715301010\r\n",
    }
    for code, text in files.items():
        data = text.encode("cp932")
        assert [other for other, carrier in carriers.items() if carrier.sniff_result(data, "a.csv")] == [code]


def test_delivery_by_hand_needs_no_file(carriers: dict[str, ports.Carrier]) -> None:
    made = carriers["other"].write_labels([label()], account={}, today=TODAY)
    assert (made.filename, made.data, made.count, made.problems) == ("", b"", 1, ())
    with pytest.raises(FileRefused):
        carriers["other"].read_result(b"x", "a.csv")
