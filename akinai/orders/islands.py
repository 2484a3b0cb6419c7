"""離島・沖縄: places that carriers serve with extra days, money or not at all. Data, and one question.

Source: 離島航路のある有人離島 (国土交通省 離島振興対策実施地域ほか) as towns of 日本郵便's postal data. Islands with a bridge
(淡路, 周防大島, 上天草 …) and 小豆島, which carriers serve like the mainland, are left out. A shop that treats others as islands adds their words to the rule 注意する語句.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

# prefecture → city, or "city+town" where only a part of the city is an island. "" is the whole prefecture.
ISLANDS: dict[str, tuple[str, ...]] = {
    "北海道": ("礼文町", "利尻町", "利尻富士町", "奥尻町", "羽幌町天売", "羽幌町焼尻"),
    "宮城県": (
        "塩竈市浦戸", "石巻市田代浜", "石巻市網地浜", "石巻市長渡浜", "女川町江島",
    ),
    "山形県": ("酒田市飛島",),
    "東京都": (
        "大島町", "利島村", "新島村", "神津島村", "三宅村", "御蔵島村", "八丈町", "青ヶ島村", "青ケ島村", "小笠原村",
    ),
    "新潟県": ("佐渡市", "粟島浦村"),
    "石川県": ("輪島市海士町舳倉島",),
    "静岡県": ("熱海市初島",),
    "愛知県": ("西尾市一色町佐久島", "南知多町日間賀島", "南知多町篠島"),
    "三重県": ("鳥羽市答志町", "鳥羽市菅島町", "鳥羽市神島町", "鳥羽市坂手町", "志摩市磯部町渡鹿野"),
    "滋賀県": ("近江八幡市沖島町",),
    "兵庫県": ("姫路市家島町", "南あわじ市沼島"),
    "島根県": ("海士町", "西ノ島町", "知夫村", "隠岐の島町"),
    "岡山県": (
        "笠岡市高島", "笠岡市白石島", "笠岡市北木島町", "笠岡市真鍋島", "笠岡市飛島", "笠岡市六島", "岡山市東区犬島",
    ),
    "広島県": ("大崎上島町",),
    "山口県": (
        "萩市見島", "萩市大島", "萩市相島", "下関市六連島", "下関市蓋井島", "周南市大津島", "光市牛島", "上関町八島",
        "上関町祝島", "田布施町馬島",
    ),
    "香川県": (
        "直島町", "土庄町豊島", "高松市男木町", "高松市女木町", "丸亀市本島町", "丸亀市広島町", "丸亀市牛島",
        "丸亀市手島町", "多度津町佐柳", "多度津町高見", "観音寺市伊吹町", "三豊市詫間町粟島", "三豊市詫間町志々島",
    ),
    "愛媛県": (
        "上島町魚島", "松山市中島", "松山市二神", "松山市安居島", "松山市津和地", "松山市睦月", "松山市野忽那",
        "松山市元怒和", "松山市上怒和", "松山市畑里", "松山市泊町", "松山市由良町", "松山市門田町",
        "今治市関前", "宇和島市日振島", "宇和島市戸島", "八幡浜市大島", "新居浜市大島", "大洲市長浜町青島",
    ),
    "福岡県": (
        "福岡市西区玄界島", "福岡市西区小呂島", "福岡市西区能古", "宗像市大島", "宗像市地島", "新宮町相島",
        "北九州市小倉北区藍島", "北九州市小倉北区馬島", "糸島市志摩姫島",
    ),
    "佐賀県": (
        "唐津市高島", "唐津市神集島", "唐津市呼子町小川島", "唐津市鎮西町加唐島", "唐津市鎮西町松島", "唐津市鎮西町馬渡島",
        "唐津市肥前町向島",
    ),
    "長崎県": (
        "対馬市", "壱岐市", "五島市", "新上五島町", "小値賀町", "佐世保市宇久町", "佐世保市黒島町", "佐世保市高島町",
        "平戸市大島村", "平戸市度島町", "西海市崎戸町江島", "西海市崎戸町平島", "長崎市高島町", "長崎市池島町",
    ),
    "熊本県": ("天草市御所浦町",),
    "大分県": ("姫島村", "津久見市保戸島", "佐伯市蒲江大字深島", "佐伯市蒲江大字屋形島"),
    "宮崎県": ("延岡市島浦町", "串間市大字大納築島"),
    "鹿児島県": (
        "奄美市", "大和村", "宇検村", "瀬戸内町", "龍郷町", "喜界町", "徳之島町", "天城町", "伊仙町", "和泊町", "知名町", "与論町",
        "西之表市", "中種子町", "南種子町", "屋久島町", "三島村", "十島村", "長島町獅子島", "薩摩川内市里町", "薩摩川内市上甑町",
        "薩摩川内市下甑町", "薩摩川内市鹿島町",
    ),
    "沖縄県": ("",),
}  # fmt: skip
# 郡 and the island's own name may stand before the town: 大島郡与論町, 八丈島八丈町, 三宅島三宅村.
_PATTERNS = {
    prefecture: re.compile(rf"^(?:[^市区町村]{{1,5}}[郡島])?(?:{'|'.join(map(re.escape, places))})")
    for prefecture, places in ISLANDS.items()
}


class Place(Protocol):
    """都道府県・市区町村・町域, as an address or a postal code names them."""

    @property
    def prefecture(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def town(self) -> str: ...


@lru_cache(maxsize=20_000)
def is_island(prefecture: str, rest: str) -> bool:
    """Does the address (prefecture, and what follows it) lie on an island in the list?"""
    pattern = _PATTERNS.get(prefecture)
    return bool(pattern and pattern.match(re.sub(r"\s", "", rest)))


def any_island(places: Iterable[Place]) -> bool:
    """Is a place that a postal code stands for such an island? One code may stand for several towns: all must be."""
    found = [is_island(place.prefecture, place.city + place.town) for place in places]
    return bool(found) and all(found)
