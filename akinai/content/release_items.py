"""公開の束の中身: of each kind what it says, what stands against it, how it is applied and brought back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import Page, Revision

from akinai.catalog import queries as catalog
from akinai.catalog import services as catalog_services
from akinai.catalog.queries import SkuRow
from akinai.content import ports, texts
from akinai.content.models import ReleaseItem, Storefront
from akinai.core import mail
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.gathering import gather

if TYPE_CHECKING:
    from akinai.staff.models import Staff

Kind = ReleaseItem.Kind
ORDER = {Kind.PRICES: 0, Kind.UNPUBLISH: 1, Kind.PAGE: 2, Kind.ANNOUNCEMENT: 3, Kind.MAIL: 4}


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands against an item, and the way out."""

    what: str
    why: str
    way_out: str

    @property
    def sentence(self) -> str:
        return f"{self.what}: {self.why}{self.way_out}"


@dataclass(frozen=True, slots=True)
class Difference:
    """今 → 公開後, for the page of the bundle."""

    what: str
    now: str
    then: str
    url: str = ""


def moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y/%m/%d %H:%M")


def label(item: ReleaseItem) -> str:
    """What is written in the list of the bundle."""
    told = item.told
    match item.kind:
        case Kind.PAGE:
            return f"「{item.page}」を公開"
        case Kind.UNPUBLISH:
            return f"「{item.page}」を取り下げ"
        case Kind.PRICES:
            first = next(iter(told["prices"]), None)
            rest = len(told["prices"]) - 1
            return f"価格: {first[1]} ¥{first[2]:,}{f' ほか {rest} 件' if rest else ''}" if first else "価格"
        case Kind.ANNOUNCEMENT:
            return f"帯: {told['text'] or '（消す）'}"[:200]
        case _:
            return f"メール: {told['subject']}"[:200]


def passages(item: ReleaseItem) -> list[texts.Passage]:
    """Every text that becomes public by this item."""
    told = item.told
    if item.kind == Kind.PAGE and item.revision is not None:
        return _passages_of_page(item.revision)
    if item.kind == Kind.ANNOUNCEMENT:
        return [texts.Passage("", "お知らせの帯", told["text"])]
    if item.kind == Kind.MAIL:
        return [
            texts.Passage("", "メールの件名", told["subject"]),
            texts.Passage("", "メールの本文", told["body"]),
        ]
    return []


def _passages_of_page(revision: Revision) -> list[texts.Passage]:
    """What a version of a page says, read from the version alone: Wagtail would ask five things about where the page stands."""
    model: Any = ContentType.objects.get_for_id(revision.content_type_id).model_class()
    if not hasattr(model, "said"):
        return []
    page = model.from_serializable_data(revision.content, check_fks=False)
    return [texts.Passage(one.field, f"「{page}」{one.place}", one.text) for one in texts.of_page(page)]


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a bundle: what other bundles wait for, its goods with a price planned for its moment, all its goods."""

    waiting: Sequence[ReleaseItem]
    planned: Collection[str]
    goods: Mapping[int, SkuRow]


def around(items: Sequence[ReleaseItem]) -> Around:
    """Two queries, however many items a bundle has."""
    release = items[0].release
    pages = Q(page__in=[item.page_id for item in items if item.page_id]) | Q(kind=Kind.PRICES)
    waiting = ReleaseItem.objects.filter(pages, is_waiting=True).exclude(release=release)
    goods = _goods(items)
    others = waiting.select_related("release").order_by("pk")
    found, planned = gather(others, catalog.price_plans_of(goods, release.due_at))
    return Around(found, planned, goods)


def _goods(items: Sequence[ReleaseItem]) -> Mapping[int, SkuRow]:
    """The goods whose prices change."""
    told = (item.told["prices"] for item in items if item.kind == Kind.PRICES)
    return catalog.sku_rows(pk for prices in told for pk, _code, _yen in prices)


def problems(item: ReleaseItem, beside: Around) -> list[Problem]:
    """What stands against it now."""
    check = {
        Kind.PAGE: _page_problems, Kind.UNPUBLISH: _unpublish_problems, Kind.PRICES: _price_problems, Kind.MAIL: _mail_problems,
    }.get(Kind(item.kind))  # fmt: skip
    return check(item, beside) if check else []


def _page_problems(item: ReleaseItem, beside: Around) -> list[Problem]:
    page = item.page
    if page is None or item.revision is None:
        return [Problem(item.label, "ページがありません。", "束から外してください。")]
    found = _taken(item, beside)
    go_live_at, expire_at = (_moment_in(item.revision, name) for name in ("go_live_at", "expire_at"))
    if go_live_at and go_live_at > item.release.due_at:
        when = moment(go_live_at)
        found.append(
            Problem(
                item.label,
                f"ページに、束より後の公開日時（{when}）が入っています。",
                "ページの公開日時を消してください。",
            )
        )
    if expire_at and expire_at <= item.release.due_at:
        found.append(
            Problem(
                item.label, "ページの公開終了の日時が、束より前です。", "ページの終了日時を直してください。"
            )
        )
    if page.latest_revision_id != item.revision_id:
        found.append(
            Problem(
                item.label, "束に入れたあとに、ページが書き直されています。", "外してから入れ直してください。"
            )
        )
    if page.live and page.live_revision_id is None:
        found.append(
            Problem(
                item.label,
                "いまの公開の版が残っていないので、戻せません。",
                "ページを一度公開し直してください。",
            )
        )
    return found


def _moment_in(revision: Revision, name: str) -> datetime | None:
    """A moment as a version of a page says it."""
    told = revision.content.get(name)
    return parse_datetime(told) if told else None


def _unpublish_problems(item: ReleaseItem, beside: Around) -> list[Problem]:
    if item.page is None or not item.page.live:
        return [Problem(item.label, "ページは公開されていません。", "束から外してください。")]
    return _taken(item, beside)


def _taken(item: ReleaseItem, beside: Around) -> list[Problem]:
    others = [other for other in beside.waiting if other.page_id == item.page_id]
    return [
        Problem(item.label, f"{other.release} にも入っています。", "どちらか一方から外してください。")
        for other in others[:1]
    ]


def _price_problems(item: ReleaseItem, beside: Around) -> list[Problem]:
    prices = {pk: yen for pk, _code, yen in item.told["prices"]}
    found = []
    if gone := [code for pk, code, _yen in item.told["prices"] if pk not in beside.goods]:
        found.append(Problem(item.label, f"{gone[0]} がありません。", "価格を入れ直してください。"))
    codes = {beside.goods[pk].code for pk in prices if pk in beside.goods}
    if planned := [code for code in beside.planned if code in codes]:
        found.append(
            Problem(
                item.label,
                f"{planned[0]} には、その時刻に価格の予約があります。",
                "価格の予約を取り消すか、束から外してください。",
            )
        )
    for other in beside.waiting:
        if other.kind != Kind.PRICES:
            continue
        if both := [code for pk, code, _yen in other.told["prices"] if pk in prices]:
            found.append(
                Problem(
                    item.label,
                    f"{both[0]} の価格は {other.release} にも入っています。",
                    "どちらか一方から外してください。",
                )
            )
    return found


def _mail_problems(item: ReleaseItem, _beside: Around) -> list[Problem]:
    if ports.lacks_public_address(item.told["to"]):
        return [
            Problem(
                item.label,
                "店舗の公開のアドレスが決まっていないので、配信停止のリンクを載せられません。",
                "AKINAI_PUBLIC_URL の設定を、システムの担当者に頼んでください。",
            )
        ]
    if not ports.addresses_of(item.told["to"]):
        return [Problem(item.label, "宛先にメールアドレスがありません。", "宛先を選び直してください。")]
    return []


def differences(items: Sequence[ReleaseItem]) -> list[list[Difference]]:
    """今 and 公開後 of what each item changes."""
    goods = _goods(items)
    return [_differences(item, goods) for item in items]


def _differences(item: ReleaseItem, rows: Mapping[int, SkuRow]) -> list[Difference]:
    told = item.told
    match item.kind:
        case Kind.PAGE | Kind.UNPUBLISH:
            return _page_differences(item)
        case Kind.PRICES:
            return [
                Difference(f"{code} {rows[pk].title}", f"¥{rows[pk].price_yen:,}", f"¥{yen:,}")
                for pk, code, yen in told["prices"]
                if pk in rows
            ]
        case Kind.ANNOUNCEMENT:
            return [Difference("お知らせの帯", _announced() or "（なし）", told["text"] or "（なし）")]
        case _:
            count = len(ports.addresses_of(told["to"]))
            whom = dict(ports.audiences()).get(told["to"], told["to"])
            return [Difference(f"メール「{told['subject']}」", "", f"{whom} {count:,} 件へ送信")]


def _page_differences(item: ReleaseItem) -> list[Difference]:
    page = item.page
    if page is None:
        return [Difference(item.label, "", "（ページがありません）")]
    now = "公開中" if page.live else "公開していない"
    if item.kind == Kind.UNPUBLISH:
        return [Difference(str(page), now, "公開しない")]
    then = f"{moment(item.revision.created_at)} に書いた版を公開" if item.revision else ""
    url = (
        f"/cms/pages/{page.pk}/revisions/compare/live...{item.revision_id}/"
        if page.live and item.revision_id
        else ""
    )
    return [Difference(page.get_admin_display_title(), now, then, url)]


def _announced() -> str:
    return Storefront.objects.filter(pk=1).values_list("announcement", flat=True).first() or ""


def apply(item: ReleaseItem) -> dict[str, Any]:
    """Make it so, inside the transaction of the bundle. Out: what stood before. Raises DomainError when it cannot be."""
    match item.kind:
        case Kind.PAGE:
            return _publish(item)
        case Kind.UNPUBLISH:
            page = _page_of(item)
            before = {"live_revision": page.live_revision_id, "live": page.live}
            page.specific.unpublish()
            return before
        case Kind.PRICES:
            wanted = {pk: yen for pk, _code, yen in item.told["prices"]}
            earlier_prices = catalog_services.set_prices(
                wanted, reason=f"公開の束 {item.release.number}", by=None
            )
            return {"prices": [[pk, yen] for pk, yen in earlier_prices.items()]}
        case Kind.ANNOUNCEMENT:
            row, _made = Storefront.objects.select_for_update().get_or_create(pk=1)
            earlier, row.announcement = row.announcement, item.told["text"]
            row.save(update_fields=["announcement"])
            return {"text": earlier}
        case _:
            return _send(item)


def _page_of(item: ReleaseItem) -> Page:
    page = Page.objects.select_for_update(of=("self",)).filter(pk=item.page_id).first()
    if page is None:
        raise DomainError(f"{item.label}: ページがありません。", way_out="束から外してください。")
    return page


def _publish(item: ReleaseItem) -> dict[str, Any]:
    page = _page_of(item)
    if item.revision is None:
        raise DomainError(f"{item.label}: 公開する版がありません。", way_out="外してから入れ直してください。")
    before = {"live": page.live, "live_revision": page.live_revision_id}
    item.revision.publish()
    page.refresh_from_db()
    if page.live_revision_id != item.revision_id:
        raise DomainError(
            f"{item.label}: ページに後の公開日時が入っています。",
            way_out="ページの公開日時を消してください。",
        )
    return before


def _send(item: ReleaseItem) -> dict[str, Any]:
    addresses = ports.addresses_of(item.told["to"])
    for address, foot in addresses.items():
        mail.enqueue(
            to=address,
            subject=item.told["subject"],
            body="\n\n".join(filter(None, (item.told["body"].rstrip(), foot))),
            key=f"{_mail_key(item)}{address}",
        )
    return {"count": len(addresses)}


def _mail_key(item: ReleaseItem) -> str:
    return f"release:{item.release.number}:{item.pk}#"


def changed_since(item: ReleaseItem) -> str:
    """Why it cannot be brought back; "" when it stands as it was applied."""
    if item.kind in (Kind.PAGE, Kind.UNPUBLISH):
        page = Page.objects.filter(pk=item.page_id).first()
        if page is None:
            return f"{item.label}: ページがなくなっています。"
        as_applied = page.live_revision_id == item.revision_id if item.kind == Kind.PAGE else not page.live
        return "" if as_applied else f"{item.label}: そのあとに公開し直されています。"
    if item.kind == Kind.PRICES:
        rows = catalog.sku_rows(pk for pk, _code, _yen in item.told["prices"])
        other = [code for pk, code, yen in item.told["prices"] if pk not in rows or rows[pk].price_yen != yen]
        return f"{other[0]} の価格が、そのあとに変えられています。" if other else ""
    if item.kind == Kind.ANNOUNCEMENT and _announced() != item.told["text"]:
        return "お知らせの帯が、そのあとに変えられています。"
    return ""


def undo(item: ReleaseItem, *, by: Staff | None) -> None:
    """What stood before stands again, inside the transaction. `note` says what could not be taken back (sent mail)."""
    before = item.before
    match item.kind:
        case Kind.PAGE | Kind.UNPUBLISH:
            _page_back(item)
        case Kind.PRICES:
            now = {pk: yen for pk, _code, yen in item.told["prices"]}
            changed = [(pk, now[pk], yen) for pk, yen in before["prices"]]
            catalog_services.put_back(changed, reason=f"公開の束 {item.release.number} を戻す", by=by)
        case Kind.ANNOUNCEMENT:
            if not Storefront.objects.filter(pk=1, announcement=item.told["text"]).update(
                announcement=before["text"]
            ):
                raise ChangedMeanwhile(
                    "お知らせの帯が、そのあとに変えられています。", way_out="店舗の画面で直してください。"
                )
        case _:
            keys = mail.waiting_keys(_mail_key(item))
            stopped = sum(mail.cancel(key, reason="公開の束を戻しました。") for key in keys)
            item.note = (
                f"送る前に止めたメール {stopped} 件、もう送ったメール {before.get('count', 0) - stopped} 件。"
            )


def _page_back(item: ReleaseItem) -> None:
    page = _page_of(item)
    if not item.before["live"]:
        page.specific.unpublish()
        return
    earlier = Revision.objects.filter(pk=item.before["live_revision"]).first()
    if earlier is None:
        raise DomainError(
            f"{item.label}: 前の版が残っていません。", way_out="ページの履歴から戻してください。"
        )
    earlier.publish()
