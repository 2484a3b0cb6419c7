"""見積を作り、出し、成約・失注にする."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.catalog import queries as catalog
from akinai.core import activity, clock, mail, mail_texts, numbering, paper_store, transitions
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.core.money import yen
from akinai.orders import charging, quote_papers
from akinai.orders.mail_texts import QUOTE
from akinai.orders.models import Order, Quote, QuoteLine
from akinai.orders.ports import Address
from akinai.orders.quote_states import QuoteState
from akinai.orders.services.entering import CHANNEL, Entry, EntryLine, enter
from akinai.party import queries as party
from akinai.party import services as party_services
from akinai.ui.formats import jdate

if TYPE_CHECKING:
    from akinai.staff.models import Staff

KEY = "quote:"
VALID_DAYS = 30
ADDRESS = ("name", "kana", "company", "postal_code", "prefecture", "city", "line1", "line2", "phone", "email")


@dataclass(frozen=True, slots=True)
class Offer:
    """見積の内容. All yen 税込; a line without a price takes that of the catalogue, 送料 None what the fee table says."""

    to: Address
    lines: Sequence[EntryLine]
    valid_until: date
    payment: str
    subject: str = ""
    delivery_note: str = ""
    note: str = ""
    shop_note: str = ""
    shipping_yen: int | None = 0
    wrapping_yen: int = 0
    discount_yen: int = 0


@transaction.atomic
def draft_quote(offer: Offer, *, by: Staff | None, copied_from: Quote | None = None) -> Quote:
    """見積を作る. Refused without lines, below zero, and for a day that is gone."""
    quote = Quote(number=numbering.take("quote")[0], created_by=by, copied_from=copied_from)
    _write(quote, offer)
    activity.record(quote, "draft_quote", by=by, summary=f"{quote.to} {yen(quote.total_yen)}")
    return quote


@transaction.atomic
def edit_quote(quote_id: int, offer: Offer, *, by: Staff | None) -> Quote:
    """見積を直す, while it is 作成中."""
    quote = _locked(quote_id)
    if quote.state != QuoteState.DRAFT:
        raise DomainError(
            f"{quote.number} は「{quote.get_state_display()}」なので直せません。",
            way_out="「写しを作る」で新しい見積を作ってください。",
        )
    _write(quote, offer)
    activity.record(quote, "edit_quote", by=by, summary=f"見積を修正 {yen(quote.total_yen)}")
    return quote


def _locked(quote_id: int) -> Quote:
    return Quote.objects.select_for_update(no_key=True).get(pk=quote_id)


def _write(quote: Quote, offer: Offer) -> None:
    if not offer.lines:
        raise DomainError("商品がありません。", way_out="明細を 1 行以上入力してください。")
    if offer.valid_until < clock.today():
        raise DomainError("有効期限が過ぎた日です。", way_out="今日より後の日を入力してください。")
    goods = catalog.sku_rows(line.sku_id for line in offer.lines)
    lines = [_line(no, line, goods[line.sku_id]) for no, line in enumerate(offer.lines, 1)]
    quote.goods_yen = sum(line.subtotal_yen for line in lines)
    offer = replace(offer, shipping_yen=_shipping(offer, quote.goods_yen))
    quote.total_yen = quote.goods_yen + (offer.shipping_yen or 0) + offer.wrapping_yen - offer.discount_yen
    if quote.total_yen < 0:
        raise DomainError("値引が合計金額より大きくなっています。", way_out="値引を確かめてください。")
    for name in ADDRESS:
        setattr(quote, name, getattr(offer.to, name))
    for name in ("valid_until", "payment", "subject", "delivery_note", "note", "shop_note", "shipping_yen", "wrapping_yen",
                 "discount_yen"):  # fmt: skip
        setattr(quote, name, getattr(offer, name))
    quote.customer_id = _customer(offer.to)
    quote.save()
    quote.lines.all().delete()
    for line in lines:
        line.quote = quote
    QuoteLine.objects.bulk_create(lines)


def _line(no: int, line: EntryLine, sku: catalog.SkuRow) -> QuoteLine:
    price = sku.price_yen if line.unit_price_yen is None else line.unit_price_yen
    return QuoteLine(
        line_no=no, sku_id=line.sku_id, name=sku.title, quantity=line.quantity, unit_price_yen=price, tax_rate=sku.tax_rate
    )  # fmt: skip


def _shipping(offer: Offer, goods_yen: int) -> int:
    if offer.shipping_yen is not None:
        return offer.shipping_yen
    charge = charging.of_goods(
        offer.to,
        goods_yen,
        channel=CHANNEL[0],
        on=clock.today(),
        sku_ids=[line.sku_id for line in offer.lines],
    )
    if charge.yen is None:
        raise DomainError(
            f"送料が決まりません。{charge.told}。", way_out="送料を入力してください（いただかないときは 0）。"
        )
    return charge.yen


def _customer(to: Address) -> int | None:
    """The customer this is, made when he is new and can be told apart."""
    address = f"{to.prefecture}{to.city}{to.line1} {to.line2}".strip()
    person = party_services.Person(to.name, to.kana, to.company, to.email, to.phone, to.postal_code, address)
    return party_services.ensure_customers([person]).ids.get(person.identity)


@transaction.atomic
def submit_quote(quote_id: int, *, to: str = "", by_mail: bool = True, by: Staff | None) -> Quote:
    """見積を出す: the paper is made once and kept; by mail with the paper, or handed over. A second sending mails it again."""
    quote = _locked(quote_id)
    if not transitions.can(quote, "submit"):
        raise ImpossibleMove(
            f"{quote.number} は「{quote.get_state_display()}」なので出せません。",
            way_out="「写しを作る」で新しい見積を作ってください。",
        )
    address = to.strip() or quote.email
    if by_mail and not mail.is_address(address):
        raise DomainError(
            f"{quote.number} の送り先のメールアドレスがありません。",
            way_out="送り先を入力するか、印刷して渡してください。",
        )
    fields = {} if quote.pdf_sha256 else _paper(quote)
    how = f"{address} へメール" if by_mail else "印刷して渡しました"
    transitions.apply(quote, "submit", by=by, note=f"見積を提出: {how}", set_fields=fields)
    if by_mail:
        _mail(quote, address)
    return quote


def _paper(quote: Quote) -> dict[str, object]:
    quote.issuer = party.issuer_of(party.company())
    quote.submitted_at = clock.now()
    quote.submitted_on = clock.today()
    if not quote.issuer["name"]:
        raise DomainError(
            "自社情報がありません。", way_out="設定の「自社情報」で事業者名を登録してください。"
        )
    sha = paper_store.keep(quote_papers.quote_pdf(quote))
    return {"pdf_sha256": sha, "issuer": quote.issuer, "submitted_at": quote.submitted_at, "submitted_on": quote.submitted_on}  # fmt: skip


def _mail(quote: Quote, address: str) -> None:
    prefix = f"{KEY}{quote.number}:"
    if mail.waiting_keys(prefix):
        raise DomainError(
            f"{quote.number} のメールがまだ送信待ちです。",
            way_out="送られてからもう一度出すか、「送信メール」で取り消してください。",
        )
    values = {
        "宛名": quote.to, "店舗名": quote.issuer.get("shop_name") or quote.issuer["name"], "番号": quote.number,
        "件名": quote.subject, "金額": yen(quote.total_yen), "有効期限": jdate(quote.valid_until),
        "納期": quote.delivery_note, "署名": party.signature(quote.issuer),
    }  # fmt: skip
    subject, body = mail_texts.compose(QUOTE.code, values)
    mail.enqueue(
        to=address, subject=subject, body=body, key=f"{prefix}{mail.tried(prefix) + 1}",
        reply_to=quote.issuer.get("email", ""),
        attachments=[(f"{quote.number}.pdf", paper_store.path_of(quote.pdf_sha256))],
    )  # fmt: skip


@transaction.atomic
def accept_quote(quote_id: int, *, by: Staff | None, now: datetime) -> Order:
    """成約: the quote becomes one order at the offered prices. Of two clerks one makes it; refused after its last day."""
    quote = _locked(quote_id)
    if quote.state == QuoteState.SENT and quote.valid_until < clock.today():
        raise DomainError(
            f"{quote.number} の有効期限 {quote.valid_until:%Y/%m/%d} を過ぎています。",
            way_out="「写しを作る」で新しい見積を出してください。",
        )
    if not transitions.can(quote, "accept"):
        raise ImpossibleMove(
            f"{quote.number} は「{quote.get_state_display()}」なので成約にできません。",
            way_out="画面を開き直してください。提出前の見積は、先に提出します。",
        )
    order = enter(_entry(quote), by=by, now=now)
    transitions.apply(
        quote,
        "accept",
        by=by,
        note=f"成約: {order.number}",
        set_fields={"order_id": order.pk, "decided_at": now},
    )
    return order


def _entry(quote: Quote) -> Entry:
    to = Address(**{name: getattr(quote, name) for name in ADDRESS})
    lines = [
        EntryLine(line.sku_id, line.quantity, line.unit_price_yen) for line in quote.lines.order_by("line_no")
    ]
    return Entry(
        buyer=to, ship_to=to, lines=lines, payment=quote.payment, shipping_yen=quote.shipping_yen,
        wrapping_yen=quote.wrapping_yen, discount_yen=quote.discount_yen, number=quote.number,
        shop_note=f"見積 {quote.number} から受注\n{quote.shop_note}".strip(),
    )  # fmt: skip


@transaction.atomic
def decline_quote(quote_id: int, *, reason: str, by: Staff | None) -> None:
    """失注, with the reason."""
    quote = Quote.objects.get(pk=quote_id)
    transitions.apply(
        quote, "decline", by=by, note=f"失注: {reason}"[:500], set_fields={"decided_at": clock.now()}
    )


@transaction.atomic
def withdraw_quote(quote_id: int, *, reason: str, by: Staff | None) -> None:
    """取り消す: it was a mistake, or is offered otherwise. A mail that still waits is stopped."""
    quote = Quote.objects.get(pk=quote_id)
    transitions.apply(quote, "withdraw_quote", by=by, note=f"取消: {reason}"[:500])
    for key in mail.waiting_keys(f"{KEY}{quote.number}:"):
        mail.cancel(key, reason=f"{quote.number} を取り消しました")


@transaction.atomic
def copy_quote(quote_id: int, *, by: Staff | None) -> Quote:
    """写しを作る: a new draft with the same content, valid from today."""
    old = Quote.objects.get(pk=quote_id)
    offer = Offer(
        Address(**{name: getattr(old, name) for name in ADDRESS}),
        [EntryLine(line.sku_id, line.quantity, line.unit_price_yen) for line in old.lines.order_by("line_no")],
        clock.today() + timedelta(days=VALID_DAYS), old.payment, old.subject, old.delivery_note, old.note, old.shop_note,
        old.shipping_yen, old.wrapping_yen, old.discount_yen,
    )  # fmt: skip
    return draft_quote(offer, by=by, copied_from=old)


def expire_quotes() -> int:
    """期限切れ: quotes whose last day is over. Safe to run at any time. Out: how many."""
    late = list(Quote.objects.filter(state=QuoteState.SENT, valid_until__lt=clock.today()).order_by("pk"))
    return len(transitions.apply_many(late, "expire", by=None, note="有効期限を過ぎました")) if late else 0
