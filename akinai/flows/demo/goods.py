"""見本の会社の商品と仕入先: a shop for tea and the things around it, with both tax rates."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from akinai.core.barcodes import with_check_digit


@dataclass(frozen=True, slots=True)
class Goods:
    """商品: price 税込, cost 税抜, `pieces` on the shelf in a good week, `weight` how much it is asked for."""

    code: str
    name: str
    kana: str
    price: int
    rate: int
    cost: str
    pieces: int
    shelf: str
    grams: int
    weight: int
    supplier: str
    picture: str = ""  # kind of drawing and its colour

    @property
    def category(self) -> str:
        return CATEGORIES[self.code[:3]]


@dataclass(frozen=True, slots=True)
class Maker:
    """仕入先: `weekday` is when its van comes (0 = Monday), `lot` how many pieces a case holds."""

    code: str
    name: str
    kana: str
    number: str
    phone: str
    email: str
    weekday: int
    lot: int
    note: str = ""


CATEGORIES = {
    "TEA": "お茶", "SWT": "お菓子", "POT": "急須・ポット", "CUP": "湯のみ・茶托", "TOL": "茶道具", "GFT": "ギフト", "WRP": "包み",
}  # fmt: skip
MAKERS = (
    Maker("YAME", "有限会社 八女みどり園", "ヤメミドリエン", "", "0943-00-1101", "order@yame.example.jp", 0, 12, "毎週月曜の午前に届きます。"),
    Maker("SHIZ", "静岡茶業株式会社", "シズオカチャギョウ", "T7123456789012", "054-000-2202", "sales@shizu.example.jp", 1, 24, "発注は前週の木曜まで。"),
    Maker("KASH", "菓匠 あかね堂", "カショウアカネドウ", "", "075-000-3303", "akane@kashi.example.jp", 2, 6, "賞味期限の短い商品は水曜着。"),
    Maker("TOKI", "とこなめ陶器販売株式会社", "トコナメトウキハンバイ", "T2120901007402", "0569-00-4404", "info@toko.example.jp", 3, 2),
    Maker("DOGU", "高山茶道具店", "タカヤマチャドウグテン", "", "0743-00-5505", "dogu@takayama.example.jp", 4, 5, "代表は岡本様。電話は午後に。"),
)  # fmt: skip

GOODS = (
    Goods("TEA-001", "八女玉露 一番摘み 50g", "ヤメギョクロ イチバンヅミ", 2160, 8, "980", 64, "A-01", 70, 8, "YAME", "pouch #2f6b4f"),
    Goods("TEA-002", "宇治抹茶 石臼挽き 30g 缶", "ウジマッチャ イシウスビキ", 1836, 8, "820", 80, "A-02", 90, 9, "YAME", "tin #5d8a3a"),
    Goods("TEA-003", "静岡深蒸し煎茶 100g", "シズオカフカムシセンチャ", 1080, 8, "420", 150, "A-03", 120, 14, "SHIZ", "pouch #6f9a45"),
    Goods("TEA-004", "ほうじ茶 大袋 200g", "ホウジチャ オオブクロ", 864, 8, "310.5", 120, "A-04", 230, 12, "SHIZ", "pouch #8a5a34"),
    Goods("TEA-005", "玄米茶 ティーバッグ 20個入", "ゲンマイチャ ティーバッグ", 648, 8, "245", 200, "A-05", 80, 13, "SHIZ", "box #b59a4a"),
    Goods("TEA-006", "和紅茶 べにふうき 40g", "ワコウチャ ベニフウキ", 1296, 8, "560", 45, "A-06", 60, 6, "SHIZ", "tin #9c3b2e"),
    Goods("TEA-007", "水出し煎茶 ティーバッグ 15個入", "ミズダシセンチャ ティーバッグ", 756, 8, "290", 6, "A-07", 75, 3, "SHIZ", "box #4f93a8"),
    Goods("TEA-008", "国産レモングラスティー 12包", "コクサンレモングラスティー", 972, 8, "410", 38, "A-08", 50, 4, "SHIZ"),
    Goods("SWT-001", "抹茶クッキー 12枚入", "マッチャクッキー", 1296, 8, "580", 60, "B-01", 210, 8, "KASH", "cookies #7f9a4d"),
    Goods("SWT-002", "ほうじ茶フィナンシェ 6個入", "ホウジチャフィナンシェ", 1512, 8, "690", 24, "B-02", 240, 6, "KASH", "cakes #b07a44"),
    Goods("SWT-003", "黒糖かりんとう 150g", "コクトウカリントウ", 540, 8, "230", 90, "B-03", 165, 7, "KASH", "pouch #5b4636"),
    Goods("SWT-004", "栗羊羹 1本", "クリヨウカン", 1944, 8, "900", 18, "B-04", 420, 4, "KASH", "bar #6d3b2f"),
    Goods("POT-001", "常滑焼 急須 朱泥 300ml", "トコナメヤキ キュウス シュデイ", 5500, 10, "2400", 14, "C-01", 380, 4, "TOKI", "teapot #a4472f"),
    Goods("POT-002", "耐熱ガラスポット 600ml", "タイネツガラスポット", 3850, 10, "1650", 22, "C-02", 420, 4, "TOKI", "teapot #8fb7c4"),
    Goods("POT-003", "南部鉄器 急須 0.4L 黒", "ナンブテッキ キュウス", 9900, 10, "4800", 6, "C-03", 1250, 2, "TOKI", "teapot #33373d"),
    Goods("CUP-001", "波佐見焼 湯のみ 青磁", "ハサミヤキ ユノミ セイジ", 1650, 10, "720", 40, "C-04", 190, 6, "TOKI", "cup #8fb8a8"),
    Goods("CUP-002", "波佐見焼 湯のみ 粉引", "ハサミヤキ ユノミ コヒキ", 1650, 10, "720", 36, "C-05", 190, 6, "TOKI", "cup #d9cdb8"),
    Goods("CUP-003", "有田焼 蓋つき湯のみ 5客揃", "アリタヤキ フタツキユノミ", 13200, 10, "6800", 3, "C-06", 1600, 1, "TOKI", "cup #3f5d9a"),
    Goods("CUP-004", "漆塗り 茶托 5枚組", "ウルシヌリ チャタク", 6600, 10, "3100", 8, "C-07", 260, 2, "TOKI", "saucer #7a2b22"),
    Goods("TOL-001", "茶筅 高山 百本立", "チャセン タカヤマ ヒャッポンダテ", 3300, 10, "1500", 12, "D-01", 40, 3, "DOGU", "whisk #c8a964"),
    Goods("TOL-002", "茶さじ 桜皮細工", "チャサジ サクラカワザイク", 1980, 10, "850", 25, "D-02", 20, 3, "DOGU"),
    Goods("TOL-003", "茶筒 樺細工 150g用", "チャヅツ カバザイク", 7700, 10, "3600", 5, "D-03", 180, 2, "DOGU", "tin #5a3524"),
    Goods("TOL-004", "茶こし付きボトル 400ml", "チャコシツキボトル", 2420, 10, "1050", 33, "D-04", 260, 5, "DOGU", "bottle #5f7f9e"),
    Goods("TOL-005", "電気ケトル 温度調節 0.8L", "デンキケトル オンドチョウセツ", 14300, 10, "8200", 4, "D-05", 1100, 1, "DOGU", "teapot #b9bcc2"),
    Goods("GFT-001", "お茶の詰め合わせ 3種 化粧箱", "オチャノツメアワセ", 3780, 8, "1620", 20, "E-01", 420, 5, "YAME", "gift #2f6b4f"),
    Goods("GFT-002", "急須と湯のみのギフトセット", "キュウストユノミノギフトセット", 8800, 10, "4100", 7, "E-02", 900, 2, "TOKI", "gift #a4472f"),
    Goods("GFT-003", "季節の和菓子とお茶 詰め合わせ", "キセツノワガシトオチャ", 4320, 8, "2050", 9, "E-03", 650, 4, "KASH", "gift #b8741a"),
    Goods("WRP-001", "風呂敷 小 藍染", "フロシキ アイゾメ", 1320, 10, "540", 50, "E-04", 60, 3, "DOGU", "cloth #2b4a8b"),
)  # fmt: skip
BY_CODE = {goods.code: goods for goods in GOODS}
# 価格改定: what these cost until the change of prices ten days ago.
OLD_PRICES = {"TEA-003": 1026, "TEA-004": 810, "SWT-003": 486}
SOLD_OUT = "TEA-007"  # its season is over: no more comes, and some still ask for it
TAX = {8: "軽減 8%", 10: "標準 10%"}
DESCRIPTIONS = {
    "TEA": "産地の茶師が仕上げた、毎日飲めるお茶です。開封後は冷暗所で保存し、お早めにお召し上がりください。",
    "SWT": "お茶に合う甘さに仕上げました。直射日光を避けて保存してください。",
    "POT": "一つずつ手作業で仕上げているため、色や形に個体差があります。",
    "CUP": "電子レンジ・食洗機は使えません。使いはじめは米のとぎ汁で煮ると長持ちします。",
    "GFT": "化粧箱に入れてお届けします。のし・名入れは備考欄でお申し付けください。",
}


def jan(index: int) -> str:
    """A JAN that is right but nobody's: prefix 49 and zeros."""
    return with_check_digit(f"4900000{index:05d}")


def product_file(prices: dict[str, int]) -> bytes:
    """商品一覧.csv: all goods as the 商品担当 keeps them."""
    header = (
        "商品コード",
        "商品名",
        "フリガナ",
        "JAN",
        "販売価格",
        "税区分",
        "原価",
        "カテゴリ",
        "棚番",
        "重量(g)",
        "商品説明",
    )
    rows = [
        (g.code, g.name, g.kana, jan(at), str(prices.get(g.code, g.price)), TAX[g.rate], g.cost, g.category, g.shelf,
         str(g.grams), DESCRIPTIONS.get(g.code[:3], ""))
        for at, g in enumerate(GOODS)
    ]  # fmt: skip
    return as_csv(header, rows)


def price_file(prices: dict[str, int]) -> bytes:
    """価格改定.csv."""
    return as_csv(("商品コード", "販売価格"), [(code, str(price)) for code, price in prices.items()])


def stock_file() -> bytes:
    """棚にある数.csv: what lay on the shelves when the shop began with Akinai."""
    return as_csv(
        ("商品コード", "数量", "単価"), [(g.code, str(g.pieces), g.cost) for g in GOODS if g.pieces]
    )


def as_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A file as the shop's own spreadsheet saves it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([header, *rows])
    return out.getvalue().encode("utf-8-sig")


# 締め日, 支払月, 支払日, 最低発注額, 送料無料, 納期, 銀行, 支店, 口座, 名義.
TERMS: dict[str, tuple[int, int, int, int, int, int, str, str, str, str]] = {
    "YAME": (31, 1, 31, 20_000, 30_000, 4, "0001", "101", "1102201", "ﾕ)ﾔﾒﾐﾄﾞﾘｴﾝ"),
    "SHIZ": (20, 1, 10, 50_000, 80_000, 6, "0005", "202", "2203302", "ｼｽﾞｵｶﾁﾔｷﾞﾖｳ(ｶ"),
    "KASH": (31, 1, 20, 10_000, 15_000, 3, "0009", "303", "3304403", "ｱｶﾈﾄﾞｳ"),
    "TOKI": (31, 2, 10, 40_000, 60_000, 10, "0033", "001", "4405504", "ﾄｺﾅﾒﾄｳｷﾊﾝﾊﾞｲ(ｶ"),
    "DOGU": (25, 1, 31, 15_000, 25_000, 7, "", "", "", ""),
}


def terms_of(maker: Maker) -> dict[str, object]:
    """仕入条件 of one maker."""
    closing, months, day, least, free, lead, bank, branch, account, name = TERMS[maker.code]
    return {
        "closing_day": closing, "payment_month_offset": months, "payment_day": day, "min_order_yen": least,
        "free_shipping_yen": free, "shipping_yen": 900, "lead_days": lead, "bank_code": bank, "branch_code": branch,
        "account_number": account, "account_kana": name,
    }  # fmt: skip


def price_list(since: str) -> bytes:
    """仕入先の価格表.csv: what each maker calls and charges for our goods."""
    header = (
        "仕入先コード",
        "商品コード",
        "仕入先商品コード",
        "仕入先商品名",
        "仕入単価",
        "適用開始日",
        "入数",
        "最小発注数",
        "優先",
    )
    lots = {maker.code: maker.lot for maker in MAKERS}
    rows = [
        (g.supplier, g.code, f"{g.supplier[0]}{at + 101}", g.name, g.cost, since, str(lots[g.supplier]), str(lots[g.supplier]), "○")
        for at, g in enumerate(GOODS)
    ]  # fmt: skip
    return as_csv(header, rows)
