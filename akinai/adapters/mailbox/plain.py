"""HTML → text a person can read: nothing of it is run or fetched, links show where they lead, quoted blocks get "> ".

A scanner that never looks twice at a letter: whatever the markup, the time grows with its length alone.
"""

from __future__ import annotations

import html
import re

BLOCKS = {
    "p", "div", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer", "pre",
    "center", "form", "dl", "dt", "dd", "address", "body", "caption", "fieldset",
}  # fmt: skip
HIDDEN = ("script", "style", "title", "head", "template", "noscript", "svg", "math", "object", "iframe")
TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
ATTRIBUTE = re.compile(
    r"""([a-zA-Z-]{1,20})\s*=\s*(?:"([^"]{0,3000})"|'([^']{0,3000})'|([^\s"'>]{1,3000}))"""
)
# Possessive: what was read once is not read again another way, or a page of "<a <a <a" would take hours.
TAG_END = re.compile(r"""(?:[^<>"']++|"[^"]{0,3000}+"|'[^']{0,3000}+')*+>""")
MOST_TAG = 6000
MOST_TAGS = 60_000  # a page of more is no letter: of the rest the words are shown, without their lines
REST = re.compile(r"<[^<>]*+>")
LINKS = ("http://", "https://", "mailto:", "tel:")


def to_text(markup: str) -> str:
    """Readable text; "" for markup without any."""
    writer = _Writer()
    at, stop, comments_end, tags = 0, len(markup), True, 0
    while at < stop:
        opened = markup.find("<", at)
        tags += 1
        if opened < 0 or tags > MOST_TAGS:
            writer.say(REST.sub(" ", markup[at:]))
            break
        writer.say(markup[at:opened])
        if markup.startswith("<!--", opened) and comments_end:
            closed = markup.find("-->", opened + 4)
            comments_end = closed >= 0
            at = closed + 3 if closed >= 0 else opened + 4
        elif markup.startswith(("<!", "<?"), opened):
            at = _after(markup, opened + 2)
        elif found := TAG.match(markup, opened + 1):
            end = _after_tag(markup, found.end())
            at = _tag(writer, markup, found, end)
        else:
            writer.say("<")
            at = opened + 1
    return writer.text()


def _after(markup: str, at: int) -> int:
    closed = markup.find(">", at, at + MOST_TAG)
    return closed + 1 if closed >= 0 else at


def _after_tag(markup: str, at: int) -> int:
    """Behind the ">" that is in no quotes; with a quote that never closes, behind the next ">"."""
    found = TAG_END.match(markup, at)
    return found.end() if found else _after(markup, at)


def _tag(writer: _Writer, markup: str, found: re.Match[str], end: int) -> int:
    """One tag; gives where reading goes on (behind the closing tag of what is hidden)."""
    closes, name = bool(found[1]), found[2].lower()
    if name in HIDDEN and not closes:
        if markup[end - 2 : end] == "/>":
            return end
        closed = writer.closing(markup, name, end)
        return closed if closed >= 0 else end
    if closes:
        writer.close(name)
    else:
        writer.open(name, markup[found.end() : end] if name in ("a", "img", "td", "th") else "")
    return end


class _Writer:
    """The text so far: blanks folded outside of <pre>, lines prefixed inside of quoted blocks."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self.now: list[str] = []
        self.depth = 0
        self.pre = 0
        self.has_words = False
        self.link: tuple[str, int] | None = None
        self.endless: set[str] = set()

    def closing(self, markup: str, name: str, at: int) -> int:
        """Behind </name …>; −1 when there is none, which is looked for once only."""
        if name in self.endless:
            return -1
        found = re.compile(f"</{name}\\b", re.IGNORECASE).search(markup, at)
        if not found:
            self.endless.add(name)
            return -1
        return _after(markup, found.end())

    def say(self, piece: str) -> None:
        if not piece:
            return
        text = html.unescape(piece)
        if self.pre:
            *whole, last = text.replace("\r\n", "\n").split("\n")
            for row in whole:
                self._add(row)
                self.newline()
            self._add(last)
            return
        folded = re.sub(r"[ \t\r\n\f]+", " ", text)
        if folded != " " or self.now:
            self._add(folded)

    def _add(self, words: str) -> None:
        self.now.append(words)
        self.has_words = self.has_words or not words.isspace()

    def newline(self) -> None:
        self.lines.append((self.depth, "".join(self.now)))
        self.now, self.has_words, self.link = [], False, None

    def block(self) -> None:
        """A new line when something stands on this one."""
        if self.has_words:
            self.newline()
        self.now = []

    def open(self, name: str, attributes: str) -> None:
        if name == "br":
            self.newline()
        elif name == "hr":
            self.block()
            self.lines.append((self.depth, "-" * 20))
        elif name == "li":
            self.block()
            self._add("・")
        elif name in ("td", "th"):
            if self.has_words:
                self._add(" ")
        elif name == "a":
            self.link = (_value(attributes, "href"), len(self.now))
        elif name == "img":
            if alt := _value(attributes, "alt").strip():
                self._add(f"[画像: {alt[:100]}]")
        elif name == "blockquote":
            self.block()
            self.depth = min(self.depth + 1, 20)
        elif name in BLOCKS:
            self._open_block(name)

    def _open_block(self, name: str) -> None:
        self.block()
        if name in ("p", "h1", "h2", "h3") and self.lines and self.lines[-1][1]:
            self.lines.append((self.depth, ""))
        self.pre += name == "pre"

    def close(self, name: str) -> None:
        if name == "a" and self.link:
            self._end_link(*self.link)
            self.link = None
        elif name == "blockquote":
            self.block()
            self.depth = max(self.depth - 1, 0)
        elif name in BLOCKS or name == "li":
            self.block()
            self.pre = max(self.pre - (name == "pre"), 0)

    def _end_link(self, href: str, since: int) -> None:
        """Where the link leads, when its words do not say so themselves."""
        href = href.strip()
        words = "".join(self.now[since:]).strip()
        if href.lower().startswith(LINKS) and href.removeprefix("mailto:").removeprefix("tel:") not in words:
            self._add(f" <{href[:500]}>")

    def text(self) -> str:
        self.block()
        rows: list[str] = []
        for depth, row in self.lines:
            row = row.replace("\xa0", " ").strip()
            row = f"{'> ' * depth}{row}".rstrip() if depth else row
            if row or (rows and rows[-1]):
                rows.append(row)
        return "\n".join(rows).strip("\n")


def _value(attributes: str, wanted: str) -> str:
    for found in ATTRIBUTE.finditer(attributes):
        if found[1].lower() == wanted:
            return html.unescape(found[2] or found[3] or found[4] or "")
    return ""
