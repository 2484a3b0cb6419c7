"""検索と共有 (SEO): what search engines and messengers are told of a page of the tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from akinai.content import sharing, texts
from akinai.content.addresses import absolute
from akinai.content.jsonld import in_script

if TYPE_CHECKING:
    from akinai.content.models import ShopPage


@dataclass(frozen=True, slots=True)
class Seo:
    """Of one page. `picture` is an absolute address or ""; `structured` what stands in the page as JSON-LD."""

    title: str
    description: str
    canonical: str
    picture: str
    kind: str
    no_index: bool
    structured: tuple[SafeString, ...]


def of(page: ShopPage, request: HttpRequest) -> Seo:
    """What is told of this page; the picture is drawn in the size of messengers when it is first asked for."""
    here = absolute(page.get_url(request) or request.path)
    number = request.GET.get("p", "")
    return Seo(
        title=page.seo_title or page.title,
        description=page.search_description or getattr(page, "lead", ""),
        canonical=page.canonical_url
        or (f"{here}?p={number}" if number.isdecimal() and number != "1" else here),
        picture=sharing.address_of(page.share_picture or page.lead_picture),
        kind="article" if hasattr(page, "body") and hasattr(page, "dated_on") else "website",
        no_index=page.no_index or _is_narrowed(request),
        structured=tuple(in_script(data) for data in _structured(page, request, here)),
    )


def _is_narrowed(request: HttpRequest) -> bool:
    """Lists by tag show what other lists show."""
    return bool(request.GET.get("tag") or request.GET.get("theme"))


def _structured(page: ShopPage, request: HttpRequest, here: str) -> list[dict[str, Any]]:
    found = [_crumbs(page, request)] if page.depth > 2 else []
    if asked := _questions(page):
        found.append(_faq(asked))
    if hasattr(page, "dated_on") and hasattr(page, "author"):
        found.append(_post(page, here))
    return found


def crumbs(page: ShopPage) -> list[Any]:
    """The pages above, from the home page down, without the page itself."""
    return list(page.above)


def _crumbs(page: ShopPage, request: HttpRequest) -> dict[str, Any]:
    steps = [*crumbs(page), page]
    items = [
        {"@type": "ListItem", "position": nth, "name": one.title, "item": absolute(one.get_url(request) or "/")}
        for nth, one in enumerate(steps, 1)
    ]  # fmt: skip
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def _questions(page: ShopPage) -> list[tuple[str, str]]:
    """Every question of the page with its answer as text."""
    from akinai.content.blocks.questions import QuestionBlock

    streams = [getattr(page, name) for name in page.said if name in {"body", "questions"}]
    return [
        (value["question"], texts.plain(value["answer"].source))
        for stream in streams
        for block, value in texts.walk(stream)
        if isinstance(block, QuestionBlock)
    ]


def _faq(asked: list[tuple[str, str]]) -> dict[str, Any]:
    entities = [
        {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
        for question, answer in asked
    ]
    return {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": entities}


def _post(page: Any, here: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org", "@type": "BlogPosting", "headline": page.title, "url": here,
        "datePublished": page.dated_on.isoformat(),
        **({"author": {"@type": "Person", "name": page.author}} if page.author else {}),
    }  # fmt: skip
