"""Reading one cell of a goods file (商品ファイルの検査): text → value, or a Japanese sentence with the way out. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from akinai.catalog.attribute_words import VALUE_LENGTH
from akinai.catalog.codes import code_key, digits_of, jan_problem
from akinai.catalog.goods import PRODUCT_FIELDS, SKU_FIELDS, Cell, Good, RawGood, Told
from akinai.catalog.slugs import SLUG
from akinai.catalog.tax_words import UnknownTax, tax_kind_of
from akinai.core.barcodes import NotABarcode, parse_gtin
from akinai.core.money import NotANumber, parse_quantity, parse_yen
from akinai.core.tables import (
    EXCEL_WAY_OUT,
    RowError,
    dangerous_formula,
    is_excel_mangled,
    shorten,
    unwrap_text,
)

MAX_PRICE = 99_999_999
MAX_WEIGHT = 10_000_000
LENGTHS = {"code": 64, "parent": 64, "name": 255, "kana": 255, "brand": 100, "category": 100, "slug": 80, "variant": 120, "shelf": 30,
           "description": 20_000, "attribute": VALUE_LENGTH}  # fmt: skip
LINED = ("description", "attribute")
MAX_PICTURE = 500
MAX_PIECES = 100_000
CLEAR = "(空)"
CLEARED: dict[str, Any] = {
    "slug": None, "kana": "", "description": "", "brand": "", "category": None, "jan": None, "variant": "", "cost": None,
    "shelf": "", "weight_g": None, "itf": None, "list_price_yen": None, "pieces_per_case": None,
}  # fmt: skip
_STATUS = {
    "active": ("販売中", "公開", "有効", "表示", "active", "true", "販売", "1"),
    "draft": ("準備中", "非公開", "下書き", "非表示", "draft", "false", "2"),
    "ended": ("販売終了", "廃止", "廃番", "廃盤", "終了", "archived", "ended", "3"),
}
STATUS_WORDS = {word: status for status, words in _STATUS.items() for word in words}


class Unread(ValueError):
    """The cell cannot be taken; the message is for the clerk."""


def folded(text: str) -> str:
    """NFKC, trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def check_all(raws: Iterable[RawGood], options: Mapping[str, Any]) -> tuple[list[Good], list[RowError]]:
    """Every row read, every problem found. A cell with a problem is as if it were not there, so that the rest of its
    row can still be compared; with any problem nothing is written."""
    goods: list[Good] = []
    errors: list[RowError] = []
    for raw in raws:
        good, wrong = check(raw, options)
        goods.append(good)
        errors += wrong
    return goods, errors


def check(raw: RawGood, options: Mapping[str, Any]) -> tuple[Good, list[RowError]]:
    """One row → Good, and its errors by column."""
    errors: list[RowError] = []

    def read(name: str, cell: Cell, how: Callable[[str], Any]) -> Any:
        try:
            return how(_clean(name, cell.text))
        except (Unread, NotANumber) as problem:
            errors.append(RowError(raw.file, raw.line, cell.column, shorten(cell.text), str(problem)))
            return None

    readers = _readers(options)
    good = Good(
        raw.file, raw.line, "", "", raw.names_parent, raw.has_sku, axes=raw.axes, may_differ=raw.may_differ
    )
    if raw.has_sku:
        cell = raw.cells.get("code", Cell("", "SKUコード"))
        good.columns["code"] = cell.column
        good.code = read("code", cell, lambda text: _code(text, raw.code_hint)) or ""
    good.columns["product_code"] = raw.parent.column
    good.parent = read("parent", raw.parent, lambda text: text) or ""
    for name, cell in raw.cells.items():
        good.columns[name] = cell.column
        if name == "code" or not cell.text.strip():
            continue
        values = good.product if name in PRODUCT_FIELDS else good.sku
        if folded(cell.text) == CLEAR and name in CLEARED:
            values[name] = CLEARED[name]
        elif (value := read(name, cell, readers[name])) is not None:
            values[name] = value
    good.attributes = tuple(
        Told(told.name, Cell(value, told.value.column), told.unit, told.only_known)
        for told in raw.attributes
        if (value := read("attribute", told.value, lambda text: text))
    )
    good.pictures = tuple(
        (source, picture.alt[:200])
        for picture in raw.pictures
        if (source := read("picture", picture.source, _picture))
    )
    return good, errors


def read_cell(name: str, text: str) -> Any:
    """One value typed by hand, by the rules of the file's column. Raises Unread or NotANumber."""
    return _readers({})[name](_clean(name, text))


def _clean(name: str, text: str) -> str:
    """The text without the tricks of spreadsheets. Raises Unread for what would run or has lost characters."""
    if dangerous_formula(text):
        raise Unread("計算式のように見える値は取り込めません。式ではなく値（文字や数字）にしてください。")
    plain = unwrap_text(text).strip()
    if "\0" in plain or "\ufffd" in plain:
        raise Unread("読めない文字が入っています。文字化けしていないか確かめて、正しい文字に直してください。")
    if name not in LINED and any(ord(char) < 32 for char in plain):
        raise Unread("改行・タブなどの見えない文字が入っています。取り除いて、1行にしてください。")
    limit = LENGTHS.get(name)
    if limit and len(plain) > limit:
        raise Unread(f"長すぎます（{len(plain):,}文字、{limit:,}文字まで）。短くしてください。")
    return plain


def _readers(options: Mapping[str, Any]) -> dict[str, Callable[[str], Any]]:
    rounded = bool(options.get("round_prices"))
    text: dict[str, Callable[[str], Any]] = {
        name: (lambda value: value) for name in (*PRODUCT_FIELDS, *SKU_FIELDS)
    }
    return text | {
        "tax_kind": read_tax_kind,
        "temperature": _temperature,
        "status": _status,
        "slug": read_slug,
        "is_public": _yes_no,
        "jan": read_jan,
        "price_yen": lambda value: price(value, rounded=rounded),
        "list_price_yen": lambda value: _list_price(value, rounded=rounded),
        "cost": cost,
        "weight_g": _weight,
        "itf": read_itf,
        "pieces_per_case": _pieces,
    }


def _code(text: str, hint: str = "") -> str:
    if not text:
        raise Unread(f"商品コード（SKUコード）が空欄です。コードを入れて{hint}ください。")
    if is_excel_mangled(text):
        raise Unread(f"商品コードが指数の形に変わっています。{EXCEL_WAY_OUT}")
    if not code_key(text) or len(code_key(text)) > LENGTHS["code"]:
        raise Unread("商品コードとして使えません。64文字以内の英数字などにしてください。")
    return text


def read_jan(text: str) -> str:
    """JAN as written → digits with a right check digit."""
    if is_excel_mangled(text) or re.fullmatch(r"\d+\.\d*[1-9]\d*", folded(text)):
        raise Unread(f"JANコードの桁が失われています。{EXCEL_WAY_OUT}")
    # "4901234567894.0" has all its digits: some programs write every number so.
    digits = digits_of(re.sub(r"\.0+$", "", folded(text)))
    if problem := jan_problem(digits):
        raise Unread(problem)
    return digits


def read_itf(text: str) -> str:
    """ITF-14 as written → 14 digits with a right check digit."""
    if is_excel_mangled(text):
        raise Unread(f"ケースのコードの桁が失われています。{EXCEL_WAY_OUT}")
    try:
        digits = parse_gtin(re.sub(r"\.0+$", "", folded(text)))
    except NotABarcode as problem:
        raise Unread(str(problem).replace("JANコード", "ケースのコード")) from problem
    if len(digits) != 14 or digits[0] == "0":
        raise Unread("ケースのコード（ITF）は1〜9で始まる14桁です。JANはJANの欄に入れてください。")
    return digits


def _pieces(text: str) -> int:
    found = parse_quantity(text)
    if not 1 <= found <= MAX_PIECES:
        raise Unread(f"ケース入数は1〜{MAX_PIECES:,}の数です。")
    return found


def price(text: str, *, rounded: bool = False) -> int:
    """販売価格: whole yen from 0 to 99,999,999. With `rounded`, 9.99 becomes 10."""
    if is_excel_mangled(text):
        raise Unread(f"価格が指数の形に変わっています。{EXCEL_WAY_OUT}")
    bare = re.sub(r"[\s,¥\\円]", "", folded(text))
    if re.fullmatch(r"\d+\.\d+", bare) and Decimal(bare) != int(Decimal(bare)):
        if not rounded:
            raise Unread(
                "価格に小数があります。円単位の整数にするか、取り込みの指定「小数の価格を四捨五入する」（--option round_prices=1）を選んでください。"
            )
        amount = int(Decimal(bare).quantize(Decimal(1), ROUND_HALF_UP))
    else:
        amount = parse_yen(text)
    if amount < 0:
        raise Unread("価格がマイナスです。0以上の金額にしてください。")
    if amount > MAX_PRICE:
        raise Unread(f"価格が大きすぎます（{MAX_PRICE:,}円まで）。桁を確かめてください。")
    return amount


def _list_price(text: str, *, rounded: bool) -> int | None:
    """表示価格: shops write 0 for none."""
    return price(text, rounded=rounded) or None


def cost(text: str) -> Decimal:
    """原価（税抜）: 0 to 99,999,999 yen with up to four decimals."""
    if is_excel_mangled(text):
        raise Unread(f"原価が指数の形に変わっています。{EXCEL_WAY_OUT}")
    bare = re.sub(r"[\s,¥\\円]", "", folded(text))
    if re.match(r"[-▲△(−]", bare):
        raise Unread("原価がマイナスです。0以上の金額にしてください。")
    if not re.fullmatch(r"\d+(\.\d+)?", bare):
        raise Unread(f"原価「{shorten(text, 40)}」を数として読めません。半角の数字で書いてください。")
    try:
        amount = Decimal(bare)
    except InvalidOperation:  # pragma: no cover - the pattern above lets only numbers through
        raise Unread("原価を数として読めません。") from None
    if amount > MAX_PRICE:
        raise Unread(f"原価が大きすぎます（{MAX_PRICE:,}円まで）。桁を確かめてください。")
    if amount != amount.quantize(Decimal("0.0001")):
        raise Unread("原価の小数は4桁までです。")
    return amount.quantize(Decimal("0.0001"))


def read_tax_kind(text: str) -> str:
    """税区分 as written → its code."""
    try:
        return tax_kind_of(text)
    except UnknownTax as problem:
        raise Unread(str(problem)) from None


def _temperature(text: str) -> str:
    """温度帯 as shops write it."""
    word = folded(text).lower().removesuffix("便").removeprefix("クール").strip("()（） ")
    if word in ("", "チルド", "冷蔵", "chilled"):
        return "chilled"
    if word in ("常温", "normal", "ドライ"):
        return ""
    if word in ("冷凍", "フローズン", "frozen"):
        return "frozen"
    raise Unread("温度帯を読めません。「常温」「冷蔵」「冷凍」のどれかにしてください。")


def _status(text: str) -> str:
    word = folded(text).lower()
    if word not in STATUS_WORDS:
        raise Unread("状態を読めません。「販売中」「準備中」「販売終了」のどれかにしてください。")
    return STATUS_WORDS[word]


YES, NO = (
    ("はい", "公開", "出す", "yes", "true", "1", "○", "〇"),
    ("いいえ", "非公開", "出さない", "no", "false", "0", "×", "-"),
)


def read_slug(text: str) -> str:
    """The last part of an address: small letters, digits and hyphens."""
    word = folded(text).lower().replace("_", "-").strip("/")
    if not re.fullmatch(SLUG, word):
        raise Unread("URLは小文字の英数字とハイフンで書いてください（例: uji-sencha）。")
    return word


def _yes_no(text: str) -> bool:
    word = folded(text).lower()
    if word not in YES + NO:
        raise Unread("「はい」か「いいえ」で書いてください。")
    return word in YES


def _weight(text: str) -> int:
    found = re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)\s*(g|kg|グラム|キロ)?", folded(text).lower())
    if not found:
        raise Unread("重量を読めません。グラム単位の数字で書いてください。")
    grams = Decimal(found[1].replace(",", "")) * (1000 if found[2] in {"kg", "キロ"} else 1)
    if grams > MAX_WEIGHT:
        raise Unread(f"重量が大きすぎます（{MAX_WEIGHT:,}gまで）。")
    return int(grams.quantize(Decimal(1), ROUND_HALF_UP))


def _picture(text: str) -> str:
    if not text:
        return ""
    if len(text) > MAX_PICTURE:
        raise Unread(f"画像のURLが長すぎます（{MAX_PICTURE}文字まで）。")
    if re.match(r"(?i)[a-z][a-z0-9+.\-]*:", text) and not re.match(r"(?i)https?://[^\s/]+", text):
        raise Unread("画像は http:// か https:// で始まるURL、またはファイル名にしてください。")
    return text if is_address(text) else file_name(text)


def is_address(text: str) -> bool:
    """A link; else the name of a file that comes beside or later."""
    return bool(re.match(r"(?i)https?://", text))


def file_name(text: str) -> str:
    """/cabinet/tea/a.jpg → a.jpg: folders of another place say nothing here."""
    return re.split(r"[/\\]", text)[-1].strip()
