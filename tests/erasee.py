"""消える人: a person who leaves words in every room, with everything finished; what the tests of the erasure look for."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings as conf
from django.db.models import F

from akinai.billing import services as billing
from akinai.billing.models import BillingTerms, Invoice
from akinai.catalog.models import Sku
from akinai.content.models import (
    ProductQuestion,
    Review,
    ReviewPhoto,
    Survey,
    SurveyAnswer,
    SurveyQuestion,
    SurveyResponse,
)
from akinai.core import activity, clock, events, job_files, mail, paper_store
from akinai.core.models import LongJob, OutgoingMail
from akinai.flows.return_goods import Plan, settle_return
from akinai.orders import services as orders
from akinai.orders.models import Hold, Order, OrderAddress, OrderChange, OrderIssue, OrderLine, Quote
from akinai.party import openings
from akinai.party.models import Customer, CustomerIdentity
from akinai.payments import services as payments
from akinai.payments.models import PayerAlias
from akinai.shipping import return_queries
from akinai.shipping import services as shipping
from akinai.shipping.services import Asked, Found
from akinai.shop.models import (
    Address,
    Cart,
    CheckoutAttempt,
    Favourite,
    Inquiry,
    Member,
    MemberLink,
    RestockNotice,
)
from akinai.stock.models import KeepAside
from akinai.support.models import (
    CallBack,
    Complaint,
    Csat,
    CsatRefusal,
    MailReceipt,
    Message,
    MessageFile,
    Ticket,
)
from akinai.ui.exports import store
from akinai.ui.models import Export
from tests import cast
from tests.scenarios.test_a_day import carrier_result, take_in

NAME, KANA, COMPANY = "珀間 澄玲", "ハクマ スミレ", "縹屋商店"
MAIL, PHONE, STREET = "hakuma.sumire@example.com", "080-7531-8642", "縹町九十九番地"
WORDS = "瑠璃色のことば"
# What each of them is looked for as: as written, and as the search folds it.
MARKS = (NAME, "珀間", "ハクマ", "はくま", COMPANY, "hakuma", PHONE, "08075318642", STREET, WORDS)


def person() -> cast.Address:
    return cast.Address(
        name=NAME, kana=KANA, company=COMPANY, postal_code="1500001", prefecture="東京都", city="渋谷区", line1=STREET,
        line2=STREET, phone=PHONE, email=MAIL,
    )  # fmt: skip


def fill() -> Customer:
    """The person in every room, everything finished."""
    cast.company()
    cast.sku("A-1", pieces=9)
    order = cast.place(
        cast.draft(
            "9001", ("A-1", 1, 1080), buyer=person(), ship_to=person(), customer_note=WORDS, gift_note=WORDS
        )
    )
    fill_order(order)
    customer = order.customer
    assert customer is not None
    Customer.objects.filter(pk=customer.pk).update(note=WORDS)
    CustomerIdentity.objects.create(identity=f"tel:08075318642:{NAME}", customer=customer)
    fill_house(customer, order)
    fill_shop(customer)
    fill_support(customer, order)
    fill_voices(customer, order)
    PayerAlias.objects.create(customer=customer, payer_key="ハクマスミレ", payer=NAME)
    BillingTerms.objects.create(
        customer=customer,
        send_to=MAIL,
        recipient_name=NAME,
        payer_kana=KANA,
        since="2026-01-01",
        paying_day=31,
    )
    KeepAside.objects.create(
        number="KP-1",
        sku_id=Sku.objects.get(code="A-1").pk,
        location=order.location,
        quantity=1,
        customer=customer,
        purpose=WORDS,
        until_on="2026-11-30",
        state="released",
    )
    return customer


def fill_order(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(
        state="completed", paid_yen=F("total_yen"), shop_note=WORDS, raw={"備考": WORDS, "氏名": NAME}
    )
    OrderLine.objects.filter(order=order).update(raw={"メモ": WORDS}, gift={"name": NAME, "message": WORDS})
    OrderAddress.objects.create(
        order=order, no=2, name=NAME, kana=KANA, company=COMPANY, phone=PHONE, postal_code="1500001", prefecture="東京都",
        city="渋谷区", line1=STREET, line2=STREET, gift_note=WORDS,
    )  # fmt: skip
    Hold.objects.create(
        order=order, rule="note", reason=f"{NAME} 様の希望", note=f"{NAME}", released_at=clock.now()
    )
    OrderIssue.objects.create(order=order, code="address", message=f"{STREET} が読めません", value=STREET)
    OrderChange.objects.create(order=order, digest="d", differences=[["住所", STREET]], draft={"name": NAME})
    Quote.objects.create(
        number="QT-1", state="cancelled", customer=order.customer, name=NAME, kana=KANA, company=COMPANY, line1=STREET, line2=STREET,
        phone=PHONE, email=MAIL, subject=WORDS, valid_until="2026-12-01", payment="card", note=WORDS, shop_note=WORDS,
    )  # fmt: skip


def fill_house(customer: Customer, order: Order) -> None:
    activity.record(customer, "merge", by=None, summary=f"{NAME} を名寄せ", data={"name": NAME})
    activity.record(order, "add_address", by=None, summary=f"「{NAME} 様」を追加")
    sent = mail.enqueue(
        to=MAIL.upper(),
        subject=f"{NAME} 様",
        body=f"{WORDS}\n{STREET}",
        key="note:1",
        reply_to="shop@example.jp",
    )
    OutgoingMail.objects.filter(pk=sent.pk).update(state="sent")
    openings.note("export", "顧客", by=cast.staff("伊藤"), rows=1)
    export = Export.objects.create(
        owner=cast.staff("伊藤"),
        title="顧客",
        address="/",
        columns=[],
        kind="utf8",
        digest="d",
        state="finished",
        total=1,
    )
    with store.writing(export.pk) as target:
        target.write(f"{NAME},{MAIL}".encode())
    job = LongJob.objects.create(
        kind="party.disclose", title="開示", ids=[customer.pk], total=1, options={"number": "CU"}
    )
    job_files.keep(job.pk, job_files.RESULT, f"{NAME}{WORDS}".encode())


def fill_shop(customer: Customer) -> None:
    member = Member.objects.create(
        customer=customer,
        mail=MAIL,
        name=NAME,
        kana=KANA,
        phone=PHONE,
        password="x",
        search_text=f"{NAME} {MAIL}",
    )
    Address.objects.create(member=member, name=NAME, kana=KANA, company=COMPANY, postal_code="1500001", prefecture="東京都",
                           city="渋谷区", line1=STREET, line2=STREET, phone=PHONE)  # fmt: skip
    Favourite.objects.create(member=member, product=Sku.objects.get(code="A-1").product)
    cart = Cart.objects.create(member_id=member.pk)
    CheckoutAttempt.objects.create(cart=cart, data={"name": NAME, "email": MAIL})
    CheckoutAttempt.objects.create(data={"buyer": {"email": MAIL, "name": NAME}})
    MemberLink.objects.create(kind="reset", mail=MAIL, ends_at=clock.now())
    RestockNotice.objects.create(sku=Sku.objects.get(code="A-1"), mail=MAIL)
    Inquiry.objects.create(number="IQ-1", kind="other", name=NAME, email=MAIL, text=WORDS, key="k", search_text=f"{NAME} {WORDS}",
                           state="done", done_at=clock.now())  # fmt: skip


def fill_support(customer: Customer, order: Order) -> None:
    raw = f"From: {NAME} <{MAIL}>\n\n{WORDS}".encode()
    ticket = Ticket.objects.create(
        number="TK-1", source="mail", subject=WORDS, customer=customer, contact_name=NAME, contact_mail=MAIL, contact_phone=PHONE,
        key="t:1", state="solved", solved_at=clock.now(), search_text=f"{NAME} {WORDS}", recognised_by=f"{MAIL} から",
    )  # fmt: skip
    said = Message.objects.create(
        ticket=ticket, direction="in", text=f"{WORDS} {STREET}", sender=f"{NAME} <{MAIL}>", recipient="shop@example.jp", subject=WORDS,
        raw_digest=paper_store.keep(raw, ".eml"), html_digest=paper_store.keep(f"<p>{WORDS}".encode(), ".html"),
        doubts=[NAME], data={"name": NAME},
    )  # fmt: skip
    MessageFile.objects.create(message=said, name=f"{NAME}.txt", mime="text/plain", size=3, state="kept",
                               digest=paper_store.keep(WORDS.encode(), ".bin"))  # fmt: skip
    Message.objects.create(
        ticket=ticket, direction="note", text=f"{NAME} 様は急いでいる", by=cast.staff("加藤")
    )
    MailReceipt.objects.create(digest=hashlib.sha256(raw).hexdigest(), size=len(raw), came_from="box", outcome="ticket", ticket=ticket,
                               sender=MAIL, subject=WORDS, message_id="<a@b>")  # fmt: skip
    CallBack.objects.create(
        ticket=ticket, phone=PHONE, due_at=clock.now(), note=WORDS, outcome=WORDS, done_at=clock.now()
    )
    Complaint.objects.create(number="CL-1", ticket=ticket, state="withdrawn", severity=1, order=order, facts=WORDS, wish=WORDS,
                             outcome=WORDS, search_text=f"{NAME} {WORDS}")  # fmt: skip
    Csat.objects.create(
        ticket=ticket, mail=MAIL, words=WORDS, score=1, answered_at=clock.now(), seen_note=NAME
    )
    CsatRefusal.objects.create(mail=MAIL)
    activity.record(ticket, "note", by=None, summary=f"{WORDS}")


def fill_voices(customer: Customer, order: Order) -> None:
    product = Sku.objects.get(code="A-1").product
    said = {"customer": customer, "nickname": "珀間すみれ", "text": f"{NAME} です。とてもよい"}
    review = Review.objects.create(
        product=product,
        order=order,
        buyer_key=f"c{customer.pk}",
        stars=5,
        title="よい",
        state="published",
        **said,
    )
    photo = Path(conf.MEDIA_ROOT) / "reviews" / "hakuma.jpg"
    photo.parent.mkdir(parents=True, exist_ok=True)
    photo.write_bytes(WORDS.encode())
    ReviewPhoto.objects.create(review=review, file="reviews/hakuma.jpg", position=1)
    ProductQuestion.objects.create(product=product, email=MAIL, customer=customer, text=WORDS, nickname=NAME)
    survey = Survey.objects.create(slug="s", title="お聞かせください", state="open")
    asked = SurveyQuestion.objects.create(survey=survey, code="a", position=1, kind="text", title="ご意見")
    answered = SurveyResponse.objects.create(
        survey=survey, person_key=f"c{customer.pk}", customer=customer, order=order
    )
    SurveyAnswer.objects.create(response=answered, question=asked, text=WORDS, chosen=["a"])
    SurveyResponse.objects.filter(pk=answered.pk).update(state="done", answered_at=clock.now())


def billed_and_back() -> Customer:
    """The person bought by transfer, got the parcel and an invoice by mail, and sent one piece back."""
    cast.company()
    cast.sku("A-1", pieces=9)
    told = {
        "payment": "bank_transfer",
        "payment_settled": False,
        "buyer": person(),
        "ship_to": person(),
        "customer_note": WORDS,
    }
    order = cast.place(cast.draft("9002", ("A-1", 2, 1080), **told), channel="phone")
    orders.release_all(order, note=WORDS, by=cast.staff("佐藤"))
    bank = "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分\n"
    bank += '2026/11/24,振込１,ハクマ　スミレ,,"2,160","1,002,160",,,入金\n'
    take_in("bank", "mufg.csv", bank.encode("cp932"))
    payments.match_all(by=cast.staff("鈴木"))
    batch = shipping.instruct([order.pk], ship_on=clock.today(), carrier="yamato", by=None)
    shipping.save_account(
        carrier="yamato",
        settings={"customer_code": "0300001234", "freight_no": "01"},
        is_default=True,
        by=None,
    )
    export = shipping.export_labels(batch, carrier="yamato", by=None)
    take_in("tracking", "issued.csv", carrier_result(bytes(export.data), [f"12345678901{12345678901 % 7}"]))
    settle()
    billing.issue([order.pk], by=None)
    billing.send_many(list(Invoice.objects.all()), by=None)
    settle()
    shipment = order.shipments.get()
    line = shipment.lines.get()
    case = shipping.request_return(shipment.pk, asked=[Asked(line.pk, 1, detail=WORDS)], note=WORDS, by=None)
    shipping.arrive(case, on=clock.today(), by=None)
    piece = return_queries.lines_of(case)[0]
    shipping.inspect(case, found={piece.pk: Found("new", "restock", "refund")}, by=None)
    settle_return(case, plan=Plan({piece.pk: 1080}, refund_way="transfer"), by=cast.staff("鈴木"))
    settle()
    order.refresh_from_db()
    assert order.customer is not None
    return order.customer


def settle() -> None:
    """What waits in the outbox is handled and sent."""
    while events.drain():
        pass
    mail.send_due()
    while events.drain():
        pass
