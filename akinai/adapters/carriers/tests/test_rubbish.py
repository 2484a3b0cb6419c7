"""Whatever a label or a result file holds, the answer is data, a problem or a refusal."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from akinai.adapters.carriers.japanpost import JapanPost
from akinai.adapters.carriers.sagawa import Sagawa
from akinai.adapters.carriers.tests.labels import TODAY, label
from akinai.adapters.carriers.yamato import Yamato
from akinai.core.tables import FileRefused
from akinai.shipping.ports import Carrier

ACCOUNT = {"customer_code": "123456789012", "freight_no": "01"}
CARRIERS: list[Carrier] = [Yamato(), Sagawa(), JapanPost()]
TEXT = st.text(max_size=40)


@settings(max_examples=150)
@given(TEXT, TEXT, TEXT, TEXT, st.sampled_from(CARRIERS))
def test_labels_of_any_text(name: str, line1: str, line2: str, note: str, carrier: Carrier) -> None:
    one = label(to={"name": name, "line1": line1, "line2": line2, "phone": note}, note=note, goods=(name,))
    made = carrier.write_labels([one], account=ACCOUNT, today=TODAY)
    assert (made.count == 1) == (not made.problems)
    made.data.decode("cp932")


@given(st.binary(max_size=200), st.sampled_from(CARRIERS))
def test_results_of_any_bytes(data: bytes, carrier: Carrier) -> None:
    for body in (data, "お客様管理番号,伝票番号,お問合せ送り状No,お問い合わせ番号\n".encode("cp932") + data):
        carrier.sniff_result(body, "a.csv")
        try:
            carrier.read_result(body, "a.csv")
        except FileRefused as refused:
            assert all(error.message for error in refused.errors)
