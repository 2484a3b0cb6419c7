"""見本の前掛け: goods in three colours and two lengths, of which one colour is sold out and one length costs more."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from akinai.catalog import services as catalog
from akinai.catalog.axes import Axis, Value, combinations, joined, sku_code
from akinai.core import clock, intake
from akinai.flows.demo import pictures
from akinai.flows.demo.desk import take_in
from akinai.flows.demo.goods import CATEGORIES, as_csv, jan

if TYPE_CHECKING:
    from akinai.flows.demo.days import Team

CODE, NAME, SLUG = "TOL-010", "刺し子の前掛け", "sashiko-apron"
AXES = (
    Axis("色", (Value("藍", "AI"), Value("生成り", "KI"), Value("墨", "SU"))),
    Axis("丈", (Value("ショート", "S"), Value("ロング", "L"))),
)
DYES = {"藍": "#2b4a8b", "生成り": "#d8cbb0", "墨": "#3a3c42"}
PRICES = {"ショート": 3_960, "ロング": 4_620}
COST = "1850"
ON_THE_SHELF = {"TOL-010-AI-S": 8, "TOL-010-AI-L": 3, "TOL-010-KI-S": 6}
TEXT = "厚手の木綿に、ひと針ずつ刺し子をほどこした前掛けです。お茶の支度にも、台所仕事にも。\n洗うほどやわらかくなります。はじめの数回は、ほかの物と分けて洗ってください。"


def stitch(team: Team) -> None:
    """The product as the 商品担当 registers it, a picture of each colour, the price of its maker, and what lies on the shelf."""
    values = {
        "code": CODE, "name": NAME, "kana": "サシコノマエカケ", "slug": SLUG, "tax_kind": "standard", "status": "active", "brand": "",
        "description": TEXT, "category": CATEGORIES["TOL"],
    }  # fmt: skip
    skus = [
        {
            "code": sku_code(CODE, AXES, chosen), "variant": joined([one.name for one in chosen]), "jan": jan(100 + nth),
            "price_yen": PRICES[chosen[1].name], "cost": Decimal(COST), "shelf": f"D-1{nth}", "weight_g": 240, "is_active": True,
        }
        for nth, chosen in enumerate(combinations(AXES))
    ]  # fmt: skip
    product = catalog.create_product(values=values, skus=skus, axes=AXES, by=team.tanaka)
    for colour, dye in DYES.items():
        catalog.add_image(
            product, data=pictures.draw(f"apron {dye}"), filename=f"{CODE}-{colour}.png", alt=f"{NAME}（{colour}）", by=team.tanaka
        )  # fmt: skip
    codes = [str(sku["code"]) for sku in skus]
    take_in("supplier_items", [intake.Upload("前掛けの価格表.csv", _prices(codes))], by=team.tanaka)
    take_in("stock", [intake.Upload("前掛けの数.csv", _pieces())], by=team.takahashi)


def _prices(codes: list[str]) -> bytes:
    header = ("仕入先コード", "商品コード", "仕入先商品コード", "仕入先商品名", "仕入単価", "適用開始日", "入数", "最小発注数", "優先")  # fmt: skip
    since = f"{clock.today():%Y/%m/%d}"
    return as_csv(header, [("DOGU", code, f"D9{nth}", NAME, COST, since, "1", "1", "○") for nth, code in enumerate(codes)])  # fmt: skip


def _pieces() -> bytes:
    return as_csv(
        ("商品コード", "数量", "単価"), [(code, str(count), COST) for code, count in ON_THE_SHELF.items()]
    )
