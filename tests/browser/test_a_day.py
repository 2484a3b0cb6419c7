"""一日の仕事 clicked through the office: goods, a mall's real file, receipt, labels, the bank, invoices, nothing forgotten."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from akinai.billing.models import Invoice
from akinai.catalog.models import Sku
from akinai.core import events, long_jobs, mail, proofs
from akinai.core.models import LongJob
from akinai.insights.queries import leaks
from akinai.orders.models import Order
from akinai.shipping.models import Shipment
from tests import cast
from tests.browser.conftest import Open
from tests.samples import sample

pytestmark = pytest.mark.django_db(transaction=True)
GOODS = (
    "商品コード,商品名,JAN,販売価格,税区分,原価\n"
    "TEA-1,深蒸し煎茶 100g,4901234567894,1080,軽減8%,540.5\n"
    "CUP-1,湯のみ,,1650,10%,700\n"
)
PHONE = (
    "注文番号,注文日時,注文者名,注文者カナ,電話番号,メールアドレス,郵便番号,都道府県,住所1,住所2,商品コード,商品名,数量,単価,税率,支払方法,合計金額,備考\n"
    "P-1,2026/11/24 9:12,青木 美咲,アオキ ミサキ,090-0000-1001,aoki@example.com,150-0001,東京都,渋谷区神宮前,4-12-3,TEA-1,深蒸し煎茶 100g,3,1080,8,銀行振込,3240,\n"
    "P-2,2026/11/24 9:40,見本 陽子,ミホン ヨウコ,090-0000-1002,yoko@example.com,530-0001,大阪府,大阪市北区梅田,1-1-1,CUP-1,湯のみ,2,1650,10,クレジットカード,3300,ベルを鳴らさないでください\n"
)
BANK = (
    "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分\n"
    '2026/11/24,振込１,アオキ　ミサキ,,"3,240","1,003,240",,,入金\n'
    '2026/11/24,振込１,シラナイ　ヒト,,"9,999","1,013,239",,,入金\n'
)


class Day:
    """The shop's people at their browsers, and what the worker does between their clicks."""

    def __init__(self, open_as: Open, folder: Path) -> None:
        self.open_as, self.folder, self.pages = open_as, folder, dict[str, Page]()

    def at(self, name: str, path: str) -> Page:
        """The browser of this person, gone to this address."""
        if page := self.pages.get(name):
            page.goto(page.url.split("/office/")[0] + path)
        else:
            self.pages[name] = self.open_as(name, path)
        return self.pages[name]

    def take_in(self, who: str, kind: str, name: str, data: bytes, *ticks: str) -> Page:
        """取込: choose the file, look at the preview, take it in."""
        file = self.folder / name
        file.write_bytes(data)
        page = self.at(who, f"/office/intake/new/{kind}/")
        page.locator("input[type=file]").set_input_files(file)
        for tick in ticks:
            page.get_by_label(tick).check()
        page.get_by_role("button", name="内容を確認する").click()
        page.get_by_role("button", name="取り込む").first.click()
        expect(page.locator(".toast").first).to_be_visible()
        return page

    def act_on_all(self, page: Page, act: str) -> None:
        """Every row of the list, then the act."""
        page.locator("[data-select-page]").check()
        page.get_by_role("button", name=act).click()

    def work(self) -> None:
        """What the worker does: events, long jobs, mails."""
        events.drain()
        for pk in LongJob.objects.filter(finished_at=None).values_list("pk", flat=True):
            long_jobs.run(pk)
        mail.send_due()
        events.drain()

    def finish(self, page: Page) -> None:
        """The worker does the long job that this page follows; the page reloads itself and shows that it is done."""
        self.work()
        expect(page.locator("h1")).to_contain_text("完了", timeout=15_000)
        page.wait_for_load_state()


@pytest.fixture
def day(open_as: Open, tmp_path: Path) -> Day:
    cast.company()
    return Day(open_as, tmp_path)


def test_a_whole_day_is_clicked_from_the_goods_file_to_an_empty_leak_check(day: Day) -> None:
    rakuten = sample("rakuten/orders_deidentified_a.csv")
    goods_and_orders_come_in(day, rakuten)
    questions_are_answered(day)
    goods_arrive(day)
    the_bank_is_matched(day)
    parcels_leave(day)
    malls_are_told(day)
    invoices_go_out(day)
    money_of_the_carrier_is_written_down(day)

    page = day.at("伊藤", "/office/")
    expect(page.locator(".lead")).to_have_text("今日の仕事はすべて片付いています。")
    assert {item["name"]: item["count"] for item in leaks().lists if item["count"]} == {}
    assert leaks().balanced and leaks().lost == 0
    assert set(Order.objects.values_list("state", flat=True)) == {"completed"}
    assert [f"{one.name}: {one.broken}" for one in proofs.run_all() if one.broken] == []


def goods_and_orders_come_in(day: Day, rakuten: bytes) -> None:
    """商品担当 and 受注担当: a goods file, a mall's file with codes nobody knows yet, orders taken elsewhere."""
    day.take_in("田中", "products", "商品.csv", GOODS.encode("cp932"))
    ticks = "未登録の商品コードを作成する", "出荷済みの注文も出荷待ちとして受け入れる"
    day.take_in("佐藤", "orders", "楽天.csv", rakuten, *ticks)
    page = day.take_in("佐藤", "orders", "楽天.csv", rakuten, *ticks)  # the same file again
    expect(page.locator("#main")).to_contain_text("変更なし")
    day.take_in("佐藤", "orders", "電話.csv", PHONE.encode())
    assert Order.objects.count() == 42


def questions_are_answered(day: Day) -> None:
    """確認: lines that the mall's file told twice are taken out at once, the rest is answered one by one with a key."""
    page = day.at("佐藤", "/office/orders/?f.issue_code=total_mismatch")
    day.act_on_all(page, "重複した明細を外す")
    page.locator("select[name=which]").select_option("first")
    page.locator("form button.primary", has_text="重複した明細を外す").click()
    expect(page.locator(".toast").first).to_contain_text("27 件の受注で、重複した明細を外しました")
    page = day.at("佐藤", "/office/orders/desk/")
    while not page.get_by_text("確認待ちの受注はありません").is_visible():
        page.wait_for_load_state()
        with page.expect_navigation():
            page.keyboard.press("a")
    assert set(Order.objects.values_list("state", flat=True)) == {"awaiting_stock", "awaiting_payment"}


def goods_arrive(day: Day) -> None:
    """倉庫: a slip pasted from a sheet; the waiting orders go on by themselves."""
    page = day.at("高橋", "/office/receipts/new/")
    codes = sorted(Sku.objects.values_list("code", flat=True))
    page.locator("#id_lines").fill("\n".join(f"{code}\t30" for code in codes))
    page.get_by_role("button", name="下書きにして確かめる").click()
    page.get_by_role("button", name="在庫に計上する").click()
    expect(page.locator(".toast").first).to_be_visible()
    day.work()
    assert set(Order.objects.values_list("state", flat=True)) == {"ready", "awaiting_payment"}


def the_bank_is_matched(day: Day) -> None:
    """経理: the bank's file pays the transfer; a stranger's money is set aside with a reason."""
    day.take_in("鈴木", "bank", "入出金.csv", BANK.encode("cp932"))
    page = day.at("鈴木", "/office/bank/")
    page.get_by_role("button", name="自動消込を実行").click()
    expect(page.locator(".toast").first).to_contain_text("1 件（¥3,240）を消し込みました")
    page.locator("[data-row]", has_text="シラナイ").locator("a.row-link").click()
    page.locator(".ways summary", has_text="対象外にする").click()
    page.get_by_label("対象外のメモ").fill("組戻を依頼")
    page.locator(".ways button", has_text="対象外にする").click()
    expect(page.locator("h1")).to_have_text("入金・消込")
    day.work()
    assert set(Order.objects.values_list("state", flat=True)) == {"ready"}


def parcels_leave(day: Day) -> None:
    """倉庫: the carrier is set up once, everything is instructed, labels go out and come back with numbers."""
    page = day.at("高橋", "/office/shipments/carriers/yamato/")
    page.get_by_label("請求先顧客コード").fill("0300001234")
    page.get_by_role("button", name="保存する").click()
    expect(page.locator(".toast").first).to_be_visible()
    page = day.at("高橋", "/office/shipments/ready/")
    day.act_on_all(page, "出荷指示を出す")
    page.get_by_label("運送会社").select_option("yamato")
    page.get_by_label("間に合わないお届け希望日").check()
    page.locator("form button.primary", has_text="出荷指示").click()
    expect(page.locator("h1")).to_contain_text("WV-")
    batch = "/office/" + page.url.split("/office/")[1]
    exported(page)
    for number in page.locator("#problems tbody a").all_inner_texts():
        page = day.at(
            "高橋", f"/office/shipments/{number}/label/"
        )  # 20〜21時 is no slot of this carrier any more
        page.get_by_label("お届け時間帯").select_option("1921")
        page.get_by_role("button", name="保存する").click()
    labels = exported(day.at("高橋", batch))
    day.take_in("高橋", "tracking", "発行済データ.csv", numbered(labels))
    day.work()
    assert Shipment.objects.filter(state="shipped").count() == 42


def malls_are_told(day: Day) -> None:
    """倉庫: the numbers of the parcels go back to the mall; a cart that asks for none is not waited for."""
    page = day.at("高橋", "/office/shipments/tell/")
    page.get_by_role("button", name="ファイルを作る").click()
    expect(page.locator(".toast").first).to_contain_text("件の出荷報告ファイルを作りました")
    page = day.at("高橋", "/office/shipments/tell/")
    expect(page.get_by_role("button", name="ファイルを作る")).to_have_count(0)


def exported(page: Page) -> bytes:
    """送り状データ of the batch, as the browser saves it."""
    with page.expect_download() as saved:
        page.get_by_role("button", name="ヤマト").click()
    return Path(saved.value.path()).read_bytes()


def numbered(labels: bytes) -> bytes:
    """What the carrier's software gives back: the same rows, each with a number that passes its check (7DR)."""
    rows = list(csv.reader(io.StringIO(labels.decode("cp932"))))
    for at, row in enumerate(rows[1:], 12345678901):
        row[3] = f"{at}{at % 7}"
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("cp932")


def invoices_go_out(day: Day) -> None:
    """経理: an invoice for each order, made and sent."""
    page = day.at("鈴木", "/office/invoices/waiting/")
    day.act_on_all(page, "請求書を発行")
    page.locator("form button.primary", has_text="発行").click()
    expect(page.locator("h1")).to_contain_text("請求書の発行")
    day.finish(page)
    assert Invoice.objects.count() == 42
    page = day.at("鈴木", "/office/invoices/")
    day.act_on_all(page, "メールで送る")
    page.locator("dialog[open] button", has_text="送る").click()
    expect(page.locator("h1")).to_contain_text("送付")
    day.finish(page)


def money_of_the_carrier_is_written_down(day: Day) -> None:
    """経理: 代引 that the carrier collected."""
    page = day.at("鈴木", "/office/orders/?tab=delivered_not_paid")
    day.act_on_all(page, "入金を記録")
    page.get_by_role("button", name="1 件の入金を記録する").click()
    expect(page.locator("h1")).to_have_text("入金一覧")
    day.work()
