"""クーポンを確かめる・使う・渡す. How often is decided by the database: `use` is one INSERT whose trigger counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.marketing import rules
from akinai.marketing.errors import CouponRefused
from akinai.marketing.models import Coupon, CouponCode, CouponTally, CouponUse
from akinai.marketing.rules import Line, Terms, fold
from akinai.marketing.services.making import new_codes
from akinai.marketing.services.people import mail_mark, marks_of, person_of
from akinai.orders import queries as orders

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.staff.models import Staff

CHANNEL = "own"
UNKNOWN = "このクーポンコードは見つかりません。入力をお確かめください。"
USED_UP = "このクーポンは、予定の枚数に達したため終了しました。"
USED_BY_YOU = "このクーポンは、お一人さまの上限回数まで使われています。"
CODE_USED = "このコードは、すでに使われています。"
NOT_YOURS = "このコードは、お渡ししたお客様だけがご利用いただけます。"
REFUSALS = {
    "coupon_total_limit": USED_UP, "coupon_person_limit": USED_BY_YOU, "coupon_code_once": CODE_USED,
    "coupon_code_of_another": NOT_YOURS,
    "couponuse_once": "このクーポンは、このご注文ですでに使われています。",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Discount:
    """値引: `yen` off the goods 税込, or the shipping for nothing. `reason`: why not, in words for the buyer, "" when it counts."""

    yen: int = 0
    free_shipping: bool = False
    reason: str = ""
    code: str = ""
    title: str = ""

    @property
    def counts(self) -> bool:
        return not self.reason


@dataclass(frozen=True, slots=True)
class _Found:
    coupon: Coupon
    code: CouponCode | None = None


def check(
    code: str, *, lines: Sequence[Line], customer_id: int | None = None, mail: str = "", on: date | None = None,
    channel: str = CHANNEL, beside: Sequence[str] = (), already_yen: int = 0,
) -> Discount:  # fmt: skip
    """クーポンを確かめる: what it takes off these goods for this person on this day. Writes nothing.

    `beside`: codes that are counted already, `already_yen` what they take off.
    """
    found = _find(code)
    if found is None:
        return Discount(reason=UNKNOWN, code=fold(code))
    coupon, day = found.coupon, on or clock.today()
    terms = terms_of(coupon)
    reason = (
        _closed(found, day)
        or rules.refusal(terms, lines, channel=channel, on=day)
        or _not_beside(found, beside)
        or _not_yours(found.code, customer_id, mail)
        or _not_for(coupon, customer_id, mail)
    )
    if reason:
        return Discount(reason=reason, code=fold(code), title=coupon.name)
    free = coupon.kind == Coupon.Kind.SHIPPING
    return Discount(rules.cut_yen(terms, lines, already_yen=already_yen), free, "", fold(code), coupon.name)


def terms_of(coupon: Coupon) -> Terms:
    """条件 of a coupon, its goods resolved: those named and those of its categories with what is below them."""
    named = set(coupon.products.values_list("pk", flat=True))
    shelves = set(coupon.categories.values_list("pk", flat=True))
    products = frozenset(named | catalog.product_ids_in(shelves)) if named or shelves else None
    return Terms(
        coupon.kind, coupon.amount, coupon.cap_yen, coupon.minimum_yen, coupon.starts_on, coupon.ends_on,
        tuple(coupon.channels), products,
    )  # fmt: skip


def _find(code: str) -> _Found | None:
    folded = fold(code)[:41]
    if not folded or "\0" in folded:
        return None
    coupon = Coupon.objects.filter(code=folded, by_code_only=False).first()
    if coupon:
        return _Found(coupon)
    single = CouponCode.objects.select_related("coupon").filter(code=folded).first()
    return _Found(single.coupon, single) if single else None


def _closed(found: _Found, day: date) -> str:
    coupon, code = found.coupon, found.code
    if not coupon.is_active:
        return "このクーポンは終了しました。"
    if coupon.total_limit is not None and coupon.used >= coupon.total_limit:
        return USED_UP
    if code is None:
        return ""
    if code.is_used:
        return CODE_USED
    if code.expires_on and day > code.expires_on:
        return f"このコードの有効期限（{code.expires_on:%Y/%m/%d}）を過ぎています。"
    return ""


def _not_beside(found: _Found, beside: Sequence[str]) -> str:
    others = [other for code in beside if (other := _find(code)) and other.coupon.pk != found.coupon.pk]
    if any(not other.coupon.combinable for other in others) or (others and not found.coupon.combinable):
        return "このクーポンは、ほかのクーポンと一緒にはご利用いただけません。"
    return ""


def _not_yours(code: CouponCode | None, customer_id: int | None, mail: str) -> str:
    """A code that was given to one person is nobody else's. Who is not known yet is asked again by the checkout."""
    if code is None or not (code.customer_id or code.person):
        return ""
    marks = set(marks_of(customer_id, mail=mail))
    return NOT_YOURS if marks and not marks & {f"customer:{code.customer_id}", code.person} else ""


def _not_for(coupon: Coupon, customer_id: int | None, mail: str) -> str:
    person = person_of(customer_id, mail)
    if not person:
        return ""  # nobody is known yet: the checkout asks again
    if coupon.person_limit is not None:
        tally = CouponTally.objects.filter(coupon=coupon, person=person, used__gte=coupon.person_limit)
        if tally.exists():
            return USED_BY_YOU
    known = int(person.removeprefix("customer:")) if person.startswith("customer:") else None
    if coupon.for_first_order and known is not None and orders.bought_by(known).orders:
        return "このクーポンは、初めてのご注文でご利用いただけます。"
    return ""


@transaction.atomic
def use(
    code: str, *, order_id: int, yen: int, customer_id: int | None = None, by: Staff | None = None
) -> CouponUse:
    """クーポンを使う, in the transaction that places the order. Of two who reach for the last one, one is refused (CouponRefused),
    and so is who shows a code that was given to somebody else. `customer_id`: the member who orders, whatever name he typed.

    `yen`: what it saved, with 送料無料 the shipping. Told again for the same order, the first use is given back.
    """
    found = _find(code)
    if found is None:
        raise CouponRefused(UNKNOWN)
    order = orders.with_lines([order_id])[0]
    known = CouponUse.objects.filter(coupon=found.coupon, order_id=order_id, reverses=None).first()
    if known:
        return known
    _refuse(found, order)
    bought = orders.bought_by(order.customer_id).orders if order.customer_id else 1
    row = CouponUse(
        coupon=found.coupon, code=found.code, order_id=order_id, customer_id=order.customer_id, yen=yen,
        person=person_of(order.customer_id, order.buyer_email) or f"order:{order.number}", by=by, is_first_order=bought <= 1,
        known_as=marks_of(order.customer_id, customer_id, mail=order.buyer_email) if found.code else [],
    )  # fmt: skip
    return _insert(row)


def _refuse(found: _Found, order: Order) -> None:
    coupon, day = found.coupon, clock.today()
    reason = _closed(found, day)
    if (
        not reason
        and coupon.for_first_order
        and order.customer_id
        and orders.bought_by(order.customer_id).orders > 1
    ):
        reason = "このクーポンは、初めてのご注文でご利用いただけます。"
    if not reason and (
        (coupon.starts_on and day < coupon.starts_on) or (coupon.ends_on and day > coupon.ends_on)
    ):
        reason = "このクーポンの期間ではありません。"
    if reason:
        raise CouponRefused(reason, way_out="クーポンを外して、もう一度お進みください。")


def _insert(row: CouponUse) -> CouponUse:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if name not in REFUSALS:
            raise
        raise CouponRefused(REFUSALS[name], way_out="クーポンを外して、もう一度お進みください。") from error
    return row


@transaction.atomic
def take_back(order_id: int, *, reason: str, by: Staff | None = None) -> int:
    """使用を取り消す: the order was cancelled, so the coupon may be used again. Safe to repeat. Out: how many rows."""
    open_uses = CouponUse.objects.select_for_update(no_key=True, of=("self",)).filter(
        order_id=order_id, reverses=None, reversed_by=None
    )
    uses = list(open_uses.order_by("coupon_id"))
    for one in uses:
        CouponUse.objects.create(
            coupon_id=one.coupon_id, code_id=one.code_id, order_id=order_id, customer_id=one.customer_id, person=one.person,
            yen=-one.yen, is_first_order=one.is_first_order, reverses=one, reason=reason[:200], by=by,
        )  # fmt: skip
    return len(uses)


def gift_choices() -> list[tuple[str, str]]:
    """(コード, 名前と内容) of coupons whose codes can be given now, by name."""
    rows = Coupon.givable().order_by("name")[:100]
    return [(one.code, one.name if one.words in one.name else f"{one.name}（{one.words}）") for one in rows]


@transaction.atomic
def give(coupon_code: str, *, key: str, customer_id: int | None = None, mail: str = "") -> str:
    """コードを渡す: one code of this coupon for one person, the same again for the same `key` (survey:12:customer:3).

    Nobody else can use it; to whom neither `customer_id` nor `mail` is told, it is given as a ticket that whoever has it may use.

    Raises CouponRefused when the coupon is unknown or over.
    """
    coupon = Coupon.givable().filter(code=fold(coupon_code)).first()
    if coupon is None:
        raise CouponRefused(
            "お渡しできるクーポンがありません。", way_out="クーポンの期間と状態を確かめてください。"
        )
    days = coupon.code_days
    expires = clock.today() + timedelta(days=days) if days else None
    new = CouponCode(
        coupon=coupon,
        code=new_codes(1)[0],
        customer_id=customer_id,
        given_key=key[:120],
        expires_on=expires,
        person="" if customer_id else mail_mark(mail),
    )
    CouponCode.objects.bulk_create([new], ignore_conflicts=True)  # of one key, one code
    return CouponCode.objects.values_list("code", flat=True).get(given_key=key[:120])


@transaction.atomic
def call_back(key: str) -> None:
    """渡したコードを止める: the code of this fact expires now. Raises CouponRefused when it was used already, or is none."""
    code = CouponCode.objects.select_for_update().filter(given_key=key[:120]).first()
    if code is None or code.is_used:
        raise CouponRefused(
            "このクーポンはもう使われているか、ありません。",
            way_out="注文の画面で使われ方を確かめてください。",
        )
    CouponCode.objects.filter(pk=code.pk).update(expires_on=clock.today() - timedelta(days=1))
