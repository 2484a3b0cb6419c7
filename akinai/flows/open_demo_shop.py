"""見本の会社を開く: a company with staff, goods, suppliers and three weeks of work, in the middle of a working day.

Everything goes through the services and files that the screens use, each act at the moment it happened, so the demo
proves the path too. The same every time but for the dates.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from akinai.accounting import services as accounting
from akinai.catalog import queries as catalog
from akinai.catalog import services as catalog_services
from akinai.core import clock, intake
from akinai.flows.demo import (
    aprons,
    days,
    dunning,
    fees,
    lots,
    monthly,
    past,
    payables,
    pictures,
    shop_pages,
    shop_store,
    shop_views,
    support,
    voices,
)
from akinai.flows.demo import now as today
from akinai.flows.demo.desk import at, take_in
from akinai.flows.demo.goods import (
    GOODS,
    MAKERS,
    OLD_PRICES,
    price_list,
    product_file,
    stock_file,
    terms_of,
)
from akinai.party import services as party
from akinai.payments import services as payments
from akinai.purchasing import services as purchasing
from akinai.shipping import services as shipping
from akinai.staff import services as staff_services

PASSWORD = "akinai-demo"  # noqa: S105  (shown to everybody who starts the demo)
STAFF = (
    ("ito", "伊藤", "店長"), ("sato", "佐藤", "受注"), ("tanaka", "田中", "商品"), ("takahashi", "高橋", "倉庫"),
    ("suzuki", "鈴木", "経理"), ("kato", "加藤", "サポート"),
)  # fmt: skip
CARRIER = {"customer_code": "030000123401", "freight_no": "01"}
COMPANY = {
    "name": "株式会社 見本茶舗", "shop_name": "茶と器 みほん", "representative": "見本 花子",
    "registration_number": "T4011001098993", "postal_code": "1010051", "prefecture": "東京都", "city": "千代田区",
    "line1": "神田神保町1-2-3", "line2": "見本ビル 4F", "phone": "03-0000-1234", "email": "shop@example.jp",
    "bank_text": "見本銀行 神田支店 普通 1234567 カ）ミホンチヤホ",
}  # fmt: skip


@transaction.atomic
def open_demo_shop(*, now: datetime | None = None) -> bool:
    """見本の会社を用意する, all of it or nothing.

    Out: False when there is a company, staff or work already; then nothing is touched, because samples among a shop's own
    goods and orders could not be told apart again.
    """
    if _is_used():
        return False
    moment = now or clock.now()
    day = timezone.localdate(moment)
    first = at(day - timedelta(days=days.DAYS + 1), 9)
    with clock.told(first):
        if not party.found_company(**COMPANY):
            return False
        team = _team()
        shop = days.Shop(team, _suppliers(team), _goods(team), day)
        monthly.agree(shop, first.date())
        dunning.agree(shop)
        payments.switch_provider("null", is_on=True, by=team.ito)
        shipping.save_account(carrier="yamato", settings=CARRIER, is_default=True, by=team.takahashi)
        shipping.add_wave(name="当日便", cutoffs=[time(15)], due_days=3, by=team.takahashi)
        fees.publish_fees(first.date(), team.takahashi)
    support.begin(shop, first)
    past.take_over(team, first, day)
    past.keep_books(team, first, day)
    for gone in days.past_days(day):
        shop.live(gone)
    payables.bill(shop)
    writers = support.remember(shop)
    # Opened in the evening, the day stands still where people went home.
    today.live(shop, min(moment, at(day, 16, 55)))
    shop_pages.write(shop, min(moment, at(day, 16, 55)))
    voices.speak(shop, min(moment, at(day, 16, 55)))
    with clock.told(min(moment, at(day, 16, 56))):
        shop_store.open_store(team.tanaka)
    support.ask(shop, writers, min(moment, at(day, 16, 56)))
    shop_views.read(shop, min(moment, at(day, 16, 56)))
    with clock.told(min(moment, at(day, 16, 56))):
        accounting.record_missing()
        accounting.post_upto()
    return True


USED = """
SELECT EXISTS (SELECT FROM party_company) OR EXISTS (SELECT FROM catalog_product) OR EXISTS (SELECT FROM orders_order)
  OR EXISTS (SELECT FROM payments_bankline) OR EXISTS (SELECT FROM party_customer)
  OR EXISTS (SELECT FROM staff_staff WHERE username = ANY(%s))
"""


def _is_used() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(USED, [[username for username, _name, _role in STAFF]])
        return bool(cursor.fetchone()[0])


def _team() -> days.Team:
    made = {
        username: staff_services.add_staff(
            username=username, display_name=name, password=PASSWORD, roles=[role], by=None
        )
        for username, name, role in STAFF
    }
    return days.Team(**made)


def _suppliers(team: days.Team) -> dict[str, int]:
    made = {
        maker.code: party.add_supplier(
            code=maker.code, name=maker.name, kana=maker.kana, registration_number=maker.number, phone=maker.phone,
            email=maker.email, note=maker.note, by=team.tanaka,
        )
        for maker in MAKERS
    }  # fmt: skip
    for maker in MAKERS:
        purchasing.tell_terms(made[maker.code], by=team.tanaka, **terms_of(maker))
    return made


def _goods(team: days.Team) -> dict[str, int]:
    """商品一覧 and 棚の数 by file, and pictures of most of them."""
    take_in("products", [intake.Upload("商品一覧.csv", product_file(OLD_PRICES))], by=team.tanaka)
    since = f"{clock.today():%Y/%m/%d}"
    take_in("supplier_items", [intake.Upload("仕入先の価格表.csv", price_list(since))], by=team.tanaka)
    take_in("stock", [intake.Upload("棚にある数.csv", stock_file())], by=team.takahashi)
    ids = catalog.ids_by_code([goods.code for goods in GOODS])
    lots.begin(ids, by=team.takahashi)
    products = catalog.products_of(ids.values())
    for goods in GOODS:
        if goods.picture:
            catalog_services.add_image(
                products[ids[goods.code]], data=pictures.draw(goods.picture), filename=f"{goods.code}.png",
                alt=goods.name, by=team.tanaka,
            )  # fmt: skip
    aprons.stitch(team)
    return ids
