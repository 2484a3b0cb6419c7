"""本文と添付: the tree of parts → the text to read, the HTML beside it, and everything else as attachments. Nothing is dropped."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from akinai.adapters.mailbox import charset, clean, heads, params, parts, plain, sealed, sniff, tnef
from akinai.adapters.mailbox.mail import MOST_HTML, MOST_TEXT, Attachment
from akinai.adapters.mailbox.parts import Part

META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
MOST_UNPACKED = 100  # files of one winmail.dat
ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")


@dataclass(slots=True)
class Contents:
    """What a mail holds."""

    text: str = ""
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)


def collect(root: Part, doubts: list[str]) -> Contents:
    """Read the whole tree."""
    reader = _Reader(doubts)
    text, markup = reader.read(root)
    if not text.strip() and not markup.strip():
        text, markup = reader.packed
    if not text.strip() and markup:
        text = plain.to_text(markup[:MOST_HTML])
    contents = Contents(text, markup, reader.attachments)
    reader.shorten(contents)
    contents.text = clean.text(contents.text) if contents.text.strip() else ""
    contents.html = contents.html.replace("\x00", "").encode("utf-8", "replace").decode()
    return contents


class _Reader:
    def __init__(self, doubts: list[str]) -> None:
        self.doubts = doubts
        self.attachments: list[Attachment] = []
        self.packed = "", ""  # what a winmail.dat holds as the letter itself

    def read(self, part: Part) -> tuple[str, str]:
        """(text, HTML) of a part; what is neither goes to the attachments."""
        for piece in part.outside:
            if not parts.is_lead_in(piece):
                self.doubts.append("部品の外にも文字があり、添付として残しました。")
                self._attach("部品の外の文字.txt", "text/plain", piece)
        if part.type == "multipart/encrypted" or (
            part.type in sealed.TYPES and sealed.is_locked(parts.content(part, []))
        ):
            self.doubts.append(sealed.LOCKED)
        if part.type in sealed.TYPES and part.children:
            self._file(part)  # with its signature, as it came
        if part.children:
            shown = [self.read(child) for child in part.children]
            return (_either if part.type in ("multipart/alternative", "multipart/related") else _all)(
                shown, part
            )
        if part.main == "multipart":
            return "", ""
        if _is_body(part):
            return self._body(part)
        self._file(part)
        return "", ""

    def _body(self, part: Part) -> tuple[str, str]:
        data = parts.content(part, self.doubts)
        declared = part.params.get("charset", "")
        is_html = part.type == "text/html"
        if is_html and not declared and (meta := META.search(data[:4000])):
            declared = meta[1].decode("ascii")
        got = charset.decode(data, declared)
        if got.doubt:
            self.doubts.append(f"本文: {got.doubt}")
        if is_html:
            return "", got.text
        text = clean.text(got.text)
        if part.params.get("format", "").lower() == "flowed":
            text = unflow(text, joins=part.params.get("delsp", "").lower() == "yes")
        return text, ""

    def _file(self, part: Part) -> None:
        data = parts.content(part, self.doubts)
        name = params.file_name(part.disposition_params, part.params, doubts=self.doubts)
        cid = part.heads.text("content-id").strip("<> ")
        name = name or _named_elsewhere(part, data)
        self._attach(name, part.type, data, is_inline=part.disposition == "inline" or bool(cid), content_id=cid)  # fmt: skip
        if data.startswith(tnef.SIGNATURE) and (part.type in tnef.TYPES or name.lower().endswith(".dat")):
            self._unpack(data, name)

    def _unpack(self, data: bytes, name: str) -> None:
        """winmail.dat: the files in it stand beside it, and its text is read where the mail has no other."""
        packed = tnef.read(data)
        if packed is None:
            return
        self.packed = packed.text, packed.html
        files = [(params.safe_name(told), inner) for told, inner in packed.files if told or inner][
            :MOST_UNPACKED
        ]
        for told, inner in files:
            self._attach(told, "application/octet-stream", inner)
        if not packed.is_whole:
            self.doubts.append(
                f"「{name[:60]}」（Outlook の形式）は壊れていて、読めた所までを取り出しました。"
            )

    def _attach(
        self, name: str, declared: str, data: bytes, *, is_inline: bool = False, content_id: str = ""
    ) -> None:
        found = sniff.mime(data)
        if not name:
            kind = found or declared
            name = f"添付{len(self.attachments) + 1}{sniff.ENDINGS.get(kind, '')}"
        if found in sniff.RUNS:
            self.doubts.append(f"添付「{name[:60]}」は、開くと動くプログラムです。")
        self.attachments.append(
            Attachment(
                name,
                declared,
                found,
                data,
                hashlib.sha256(data).hexdigest(),
                is_inline,
                clean.line(content_id)[:200],
            )
        )

    def shorten(self, contents: Contents) -> None:
        """A text too long for the screen is shown in part and kept in whole."""
        if len(contents.text) > MOST_TEXT:
            self.doubts.append(
                f"本文が {len(contents.text):,} 文字あるため、はじめの {MOST_TEXT:,} 文字を表示し、全部を添付に残しました。"
            )
            self._attach("本文の全部.txt", "text/plain", contents.text.encode("utf-8", "replace"))
            contents.text = contents.text[:MOST_TEXT]
        if len(contents.html) > MOST_HTML:
            self.doubts.append("HTML の本文が長すぎるため、添付に残しました。")
            self._attach("本文.html", "text/html", contents.html.encode("utf-8", "replace"))
            contents.html = ""


def _is_body(part: Part) -> bool:
    """Text that is read, not a file that happens to be text."""
    if part.type not in ("text/plain", "text/html") or part.disposition == "attachment":
        return False
    return not params.file_name(part.disposition_params, part.params)


def _either(shown: list[tuple[str, str]], part: Part) -> tuple[str, str]:
    """The same thing told several times: the plain one is the text. Richer ones with files in them may repeat it."""
    leaves = [
        text for (text, _), child in zip(shown, part.children, strict=True) if child.type == "text/plain"
    ]
    texts = [text for text in leaves if text.strip()] or [text for text, _ in shown if text.strip()][:1]
    return "\n".join(texts), "\n".join(markup for _, markup in shown if markup)


def _all(shown: list[tuple[str, str]], part: Part) -> tuple[str, str]:
    """One thing after the other; where only HTML was written, its text."""
    texts = [text if text.strip() or not markup else plain.to_text(markup[:MOST_HTML]) for text, markup in shown]  # fmt: skip
    told = [text.rstrip("\n") for text in texts if text.strip()]
    has_only_html = not any(text.strip() for text, _ in shown)
    return ("" if has_only_html else "\n\n".join(told)), "\n".join(markup for _, markup in shown if markup)


def _named_elsewhere(part: Part, data: bytes) -> str:
    """A mail in a mail is named by its subject, a picture perhaps by its place."""
    if part.type == "message/rfc822":
        subject = heads.read(data)[0].text("subject")
        return f"{params.safe_name(subject)[:80] or '転送されたメール'}.eml"
    place = part.heads.text("content-location").rpartition("/")[2]
    return params.safe_name(place) if ENDING.search(place) else ""


def unflow(text: str, *, joins: bool) -> str:
    """format=flowed (RFC 3676): a line that ends in a blank goes on in the next one of the same depth of quoting."""
    rows: list[str] = []
    goes_on, depth = False, 0
    for row in text.split("\n"):
        marks = len(row) - len(row.lstrip(">"))
        words = row[marks:]
        words = words[1:] if words.startswith(" ") else words
        if goes_on and marks == depth and words != "-- ":
            rows[-1] += words
        else:
            rows.append(f"{'>' * marks} {words}" if marks else words)
        goes_on, depth = words.endswith(" ") and words != "-- ", marks
        if goes_on and joins:
            rows[-1] = rows[-1][:-1]
    return "\n".join(rows)
