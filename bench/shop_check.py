"""店舗の点検: opens the shop's main pages in headless Chromium on a telephone and a desk, and tells what is wrong with them.

    script/shop_check [http://localhost:8000]

Weight without pictures, requests to other hosts, violations of the CSP, console errors, CLS and LCP, and the small checks of
`shop_check.js`. Ends with 1 where anything was found.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

WIDTHS = (390, 1280)
MOST_BYTES = 200_000
MOST_SHIFT = 0.1
MOST_LCP_MS = 2_500
PICTURES = ("image", "media")
CHECKS = (Path(__file__).parent / "shop_check.js").read_text(encoding="utf-8")
WATCH = """
window.__shift = 0; window.__lcp = 0; window.__csp = [];
new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.__shift += one.value; }).observe({type: "layout-shift", buffered: true});
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.__lcp = one.startTime; }).observe({type: "largest-contentful-paint", buffered: true});
document.addEventListener("securitypolicyviolation", (event) => window.__csp.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""


@dataclass(slots=True)
class Seen:
    """One page at one width."""

    path: str
    width: int
    scheme: str = "light"
    status: int = 0
    weight: int = 0
    pictures: int = 0
    shift: float = 0.0
    lcp_ms: int = 0
    problems: list[str] = field(default_factory=list)


def paths_of(page: Any, base: str) -> list[str]:
    """The main pages: those that always are, one product, one category, and what there is to read."""
    page.goto(f"{base}/search/")
    found = [
        "/",
        "/search/",
        "/search/?q=zzzzzz",
        "/law/",
        "/guide/",
        "/privacy/",
        "/contact/",
        "/cart/",
        "/login/",
        "/no-such-page/",
    ]
    for pattern in (r"^/products/", r"^/categories/"):
        found += [link for link in _links(page, "a[href]") if re.match(pattern, link)][:1]
    return [*found, *_reading(page, base)]


def _reading(page: Any, base: str) -> list[str]:
    """読みもの: every list that the menu names, with the first page below it, and what these lead to beside goods."""
    page.goto(f"{base}/")
    lists = _links(page, ".s-nav-reading a")
    found = list(lists)
    for address in lists:
        page.goto(base + address)
        found += [link for link in _links(page, "main a") if re.fullmatch(rf"{address}[\w-]+/", link)][:1]
    page.goto(f"{base}/news/")
    for link in _links(page, "main .s-news a"):
        page.goto(base + link)
        found += _links(page, ".s-survey-call a")
    page.goto(f"{base}/")
    return list(dict.fromkeys([*found, *_links(page, "main .s-banner")]))


def _links(page: Any, selector: str) -> list[str]:
    links: list[str] = page.eval_on_selector_all(selector, "all => all.map(one => one.getAttribute('href'))")
    return links


def check(browser: Any, base: str, paths: Sequence[str] | None = None) -> Iterator[Seen]:
    """Every page at every width; the desk in the dark, too."""
    if paths is None:
        page = browser.new_page()
        paths = paths_of(page, base)
        page.close()
    for width in WIDTHS:
        for scheme in ("light", "dark") if width == WIDTHS[0] else ("light",):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, locale="ja-JP"
            )
            context.add_init_script(WATCH)
            for path in paths:
                yield _look(context, base, Seen(path, width, scheme))
            context.close()


def _look(context: Any, base: str, seen: Seen) -> Seen:
    page = context.new_page()
    page.on(
        "console",
        lambda told: (
            seen.problems.append(f"console: {told.text[:120]}")
            if told.type == "error" and "404" not in told.text
            else None
        ),
    )
    page.on("pageerror", lambda error: seen.problems.append(f"script: {error}"))
    page.on("requestfinished", lambda request: _weigh(seen, request, base))
    answer = page.goto(f"{base}{seen.path}", wait_until="networkidle")
    seen.status = answer.status
    if answer.status >= 500:
        seen.problems.append(f"{answer.status} で答えました")
    seen.shift = page.evaluate("window.__shift")
    seen.lcp_ms = round(page.evaluate("window.__lcp"))
    seen.problems += [f"CSP: {one}" for one in page.evaluate("window.__csp")]
    seen.problems += page.evaluate(CHECKS)
    if seen.weight > MOST_BYTES:
        seen.problems.append(
            f"写真のほかに {seen.weight / 1000:.0f} kB あります（{MOST_BYTES // 1000} kB まで）"
        )
    if seen.shift > MOST_SHIFT:
        seen.problems.append(f"表示がずれます（CLS {seen.shift:.2f}）")
    page.close()
    return seen


def _weigh(seen: Seen, request: Any, base: str) -> None:
    if urlsplit(request.url).netloc != urlsplit(base).netloc and not request.url.startswith(
        ("data:", "blob:")
    ):
        seen.problems.append(f"ほかのホストへの通信: {request.url}")
        return
    sizes = request.sizes()
    size = sizes["responseBodySize"] + sizes["responseHeadersSize"]
    if request.resource_type in PICTURES:
        seen.pictures += size
    else:
        seen.weight += size


def table(rows: Iterable[Seen]) -> str:
    """The figures of every page, and what is wrong below each."""
    lines = [f"{'幅':>5} {'':5} {'状態':>4} {'kB':>6} {'写真kB':>6} {'CLS':>5} {'LCP':>6}  ページ"]
    for one in rows:
        lines.append(
            f"{one.width:>5} {one.scheme:5} {one.status:>4} {one.weight / 1000:>6.1f} {one.pictures / 1000:>6.1f} {one.shift:>5.2f}"
            f" {one.lcp_ms:>4}ms  {one.path}"
        )
        lines += [f"        × {problem}" for problem in dict.fromkeys(one.problems)]
    return "\n".join(lines)


def main(base: str) -> int:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        rows = list(check(browser, base.rstrip("/")))
        browser.close()
    print(table(rows))
    wrong = sum(len(one.problems) for one in rows)
    print(f"{len(rows)} ページ、問題 {wrong} 件")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000"))
