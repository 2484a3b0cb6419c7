"""What the catalogue asks of others: what a mall's page file is made of (商品ページのファイル), filled by the doors of the malls; and
what keeps a SKU from becoming a set, filled by stock. Pure, no Django."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PageVariant:
    """SKU of a page. `values`: one per axis, empty where the product has none."""

    code: str
    price_yen: int
    jan: str = ""
    values: tuple[str, ...] = ()
    variant: str = ""
    list_price_yen: int | None = None
    cost: str = ""
    weight_g: int | None = None
    shelf: str = ""
    itf: str = ""
    pieces_per_case: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """商品 as a mall shows it. `images`: (address or file name, alternative text); `attributes`: (name, value, unit)."""

    code: str
    name: str
    variants: tuple[PageVariant, ...]
    kana: str = ""
    description: str = ""
    brand: str = ""
    category: str = ""
    tax_rate: int = 10
    is_exempt: bool = False
    is_public: bool = True
    is_ended: bool = False
    axes: tuple[str, ...] = ()
    images: tuple[tuple[str, str], ...] = ()
    attributes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """What a column takes: at most so many characters, or bytes in the file's encoding (0: any); `pattern` is a full
    match and `says` the sentence for what does not; `forbidden` single characters; `plain`: no 半角カナ, no 機種依存文字;
    `tags`: the HTML tags that are allowed (None: all, (): none). `source` says where the numbers come from; what is not
    `is_sure` was not seen in the mall's own papers, and the shop may change all of them (PageLimit)."""

    chars: int = 0
    bytes: int = 0
    is_required: bool = False
    pattern: str = ""
    says: str = ""
    forbidden: str = ""
    is_plain: bool = False
    has_lines: bool = False
    tags: tuple[str, ...] | None = None
    source: str = ""
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What a door itself finds wrong with a page: by column, with the way out. `is_error`: the page is left out."""

    column: str
    value: str
    message: str
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class PageRows:
    """The rows of one page, cells by column."""

    page: Page
    rows: Sequence[Mapping[str, str]]
    problems: Sequence[Problem] = field(default_factory=tuple)


class PageFormat(Protocol):
    """商品ページのファイルの形式. `columns` is the header that these rows need."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def filename(self) -> str: ...
    @property
    def encoding(self) -> str: ...
    @property
    def notes(self) -> Sequence[str]: ...
    @property
    def limits(self) -> Mapping[str, Limit]: ...

    def columns(self, pages: Sequence[PageRows]) -> Sequence[str]: ...

    def rows(self, page: Page) -> PageRows: ...


_formats: dict[str, PageFormat] = {}


def register_page_format(one: PageFormat) -> None:
    """Bring a format into use (called by the doors)."""
    _formats[one.code] = one


def page_formats() -> Sequence[PageFormat]:
    return list(_formats.values())


def page_format(code: str) -> PageFormat | None:
    return _formats.get(code)


type Keeper = Callable[[int], str]
_keepers: list[Keeper] = []


def register_keeper(tell: Keeper) -> None:
    """A room that knows why a SKU must stay single goods (or a set) just now: 「現在庫が 3 点ある」, "" when it does not mind."""
    _keepers.append(tell)


def why_kept(sku_id: int) -> str:
    """The first reason anybody has."""
    return next((reason for tell in _keepers if (reason := tell(sku_id))), "")
