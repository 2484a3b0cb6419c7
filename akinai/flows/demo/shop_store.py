"""見本の店舗: addresses of the goods, the tree of categories, and the words of the shop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from akinai.catalog import queries as catalog_queries
from akinai.catalog import services as catalog
from akinai.content import storefront

if TYPE_CHECKING:
    from akinai.staff.models import Staff

SLUGS = {
    "TEA-001": "yame-gyokuro", "TEA-002": "uji-matcha", "TEA-003": "shizuoka-fukamushi", "TEA-004": "hojicha-large",
    "TEA-005": "genmaicha-teabags", "TEA-006": "benifuki-black-tea", "TEA-007": "cold-brew-sencha", "TEA-008": "lemongrass-tea",
    "TEA-010": "obukucha-new-year", "SWT-001": "matcha-cookies", "SWT-002": "hojicha-financier", "SWT-003": "kokuto-karinto",
    "SWT-004": "chestnut-yokan", "POT-001": "tokoname-kyusu", "POT-002": "glass-pot", "POT-003": "nambu-iron-kyusu",
    "CUP-001": "hasami-celadon-cup", "CUP-002": "hasami-kohiki-cup", "CUP-003": "arita-lidded-cups", "CUP-004": "lacquer-saucers",
    "TOL-001": "takayama-chasen", "TOL-002": "cherry-bark-scoop", "TOL-003": "cherry-bark-caddy", "TOL-004": "tea-bottle",
    "TOL-005": "electric-kettle", "GFT-001": "tea-trio-gift", "GFT-002": "kyusu-gift-set", "GFT-003": "wagashi-tea-gift",
    "WRP-001": "indigo-furoshiki", "SET-001": "tea-tasting-set", "SET-002": "hasami-pair-cups",
}  # fmt: skip
# name, address, what it stands under, order, words
TREE = (
    ("お茶", "tea", "", 10, "八女・宇治・静岡の茶農家から届く、香りのよい茶葉とティーバッグです。"),
    ("お菓子", "sweets", "", 20, "お茶の時間によく合う、和のお菓子と焼き菓子です。"),
    ("茶器", "teaware", "", 30, "毎日の一杯を支える、急須・湯のみ・道具をそろえました。"),
    ("急須・ポット", "teapots", "茶器", 10, "常滑焼、南部鉄器、ガラス。お茶に合わせて選べます。"),
    ("湯のみ・茶托", "cups", "茶器", 20, "手になじむ波佐見焼と有田焼の湯のみ、漆塗りの茶托です。"),
    ("茶道具", "tools", "茶器", 30, "茶筅や茶筒など、おいしく淹れるための道具です。"),
    ("ギフト", "gifts", "", 40, "のし・包装を承ります。内祝い、お年賀、季節のごあいさつに。"),
    ("包み", "wrapping", "ギフト", 10, "風呂敷など、贈りものを包むものです。"),
)  # fmt: skip
WORDS = {
    "tagline": "日々の一杯を、ていねいに。",
    "description": "日本各地の茶農家のお茶、和菓子、茶器とギフトをお届けする、神保町のお茶の専門店です。",
    "announcement": "新春限定の大福茶、ご予約を承っています。",
    "phone_hours": "平日 10:00〜17:00",
    "liability_text": "お届けした商品に不備があったときは、到着から8日以内にご連絡ください。当店の負担で交換または返金します。",
    "conditions": "予約商品・限定商品は、お一人さまの数量を限ることがあります。転売を目的としたご購入はお断りします。",
}  # fmt: skip


def open_store(by: Staff) -> None:
    """What the 商品担当 and the 店長 have prepared before the shop opened its doors."""
    known = catalog_queries.categories_by_name()
    for name, slug, parent, position, lead in TREE:
        category = known.get(name) or catalog.add_category(name, by=by)
        known[name] = category
        catalog.place_category(
            category, slug=slug, parent=known.get(parent), position=position, is_public=True, lead=lead, by=by
        )
    catalog.name_addresses(SLUGS, by=by)
    storefront.save_storefront(WORDS, by=by)
