"""商品ページのファイルを出す前の確認: lengths, forbidden characters, what is required; by line and column. Pure."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from akinai.catalog.ports import Limit, PageFormat, PageRows

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem. `line` is the row of the file as it would be with every page in it; the header is line 1."""

    line: int
    column: str
    page: str
    value: str
    message: str
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file would be: its pages, and what stands against them."""

    pages: Sequence[PageRows]
    findings: Sequence[Finding]

    @property
    def bad(self) -> set[str]:
        """Codes of the pages that are left out."""
        return {finding.page for finding in self.findings if finding.is_error}

    @property
    def good(self) -> list[PageRows]:
        bad = self.bad
        return [page for page in self.pages if page.page.code not in bad]


def look(pages: Sequence[PageRows], form: PageFormat, limits: Mapping[str, Limit] | None = None) -> Looked:
    """Every cell of every row against these limits, else the format's own."""
    limits = form.limits if limits is None else limits
    findings: list[Finding] = []
    line = 2
    for page in pages:
        code = page.page.code
        findings += [
            Finding(line, one.column, code, _short(one.value), one.message, one.is_error)
            for one in page.problems
        ]
        for row in page.rows:
            for column, text in row.items():
                limit = limits.get(column, ANY)
                for message in problems(text, limit, form.encoding):
                    findings.append(Finding(line, column, code, _short(text), message))
            line += 1
    return Looked(pages, findings)


ANY = Limit()


def problems(text: str, limit: Limit, encoding: str) -> Iterator[str]:
    """What is wrong with one cell."""
    if not text:
        if limit.is_required:
            yield "空欄です。この項目は必須です。"
        return
    if lost := _lost(text, encoding):
        yield f"このファイルの文字コードにない文字があります: {lost}。別の文字にしてください。"
    elif limit.bytes and (size := len(text.encode(encoding))) > limit.bytes:
        yield f"{size:,}バイトあります（{limit.bytes:,}バイト＝全角{limit.bytes // 2:,}文字まで）。"
    if limit.chars and len(text) > limit.chars:
        yield f"{len(text):,}文字あります（{limit.chars:,}文字まで）。"
    if limit.pattern and not re.fullmatch(limit.pattern, text, re.DOTALL):
        yield limit.says
    if found := _some(char for char in text if char in limit.forbidden):
        yield f"使えない文字があります: {found}。"
    if limit.tags is not None and (found := _tags(text, limit.tags)):
        allowed = "・".join(limit.tags)
        yield f"使えないHTMLタグがあります: {found}。" + (
            f"使えるのは {allowed} だけです。" if allowed else ""
        )
    if limit.is_plain and (found := _some(char for char in text if _is_special(char))):
        yield f"半角カナ・機種依存文字は使えません: {found}。"
    if not limit.has_lines and re.search(r"[\x00-\x1f\x7f]", text):
        yield "改行・タブなどが入っています。1行にしてください。"
    elif re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        yield "見えない文字（制御文字）が入っています。取り除いてください。"


_TAG = re.compile(r"</?\s*([a-zA-Z][a-zA-Z0-9]*)\b[^>]*>")


def _tags(text: str, allowed: Sequence[str]) -> str:
    """The tags that are not allowed, in the order of the text."""
    found = dict.fromkeys(hit[1].lower() for hit in _TAG.finditer(text))
    wrong = [f"<{name}>" for name in found if name not in allowed]
    return " ".join(wrong[:5]) + (" など" if len(wrong) > 5 else "")


def _lost(text: str, encoding: str) -> str:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return _some(char for char in text if not _fits(char, encoding))
    return ""


def _fits(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _is_special(char: str) -> bool:
    """半角カナ, and what stands in NEC's row 13 or IBM's additions of Shift_JIS (①, ㈱, 髙)."""
    if "\uff61" <= char <= "\uff9f":
        return True
    code = char.encode("cp932", errors="ignore")
    return len(code) == 2 and (code[0] == 0x87 or 0xED <= code[0] <= 0xEE or 0xFA <= code[0] <= 0xFC)


def _some(chars: Iterator[str]) -> str:
    found = list(dict.fromkeys(chars))
    names = [char if unicodedata.category(char)[0] != "C" else f"U+{ord(char):04X}" for char in found[:5]]
    return "".join(f"「{name}」" for name in names) + (" など" if len(found) > 5 else "")


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SHOWN else plain[:SHOWN] + "…"


def csv_file(pages: Sequence[PageRows], form: PageFormat) -> bytes:
    """The file of these pages, every cell quoted."""
    columns = form.columns(pages)
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for page in pages for row in page.rows)
    return out.getvalue().encode(form.encoding)
