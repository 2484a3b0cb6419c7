"""PDF by typst (帳票の組版): one compiler per template and process, Japanese fonts from the package, no system fonts.

Data goes in as JSON, so a customer's text is always text and never markup. Templates may import each other by paths
that begin at the `akinai` folder (`#import "/core/typst/paper.typ"`).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import typst

ROOT = Path(__file__).resolve().parent.parent
FONT_PACKAGES = ("noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold")
GETA = "〓"  # what printers put where a character is missing
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufe0e\ufe0f\ufeff\ufffe\uffff]"
)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u20e3]")

_compilers: dict[Path, typst.Compiler] = {}
_lock = Lock()


def render(
    template: Path, data: Mapping[str, Any], *, at: datetime | None = None, tagged: bool = True
) -> bytes:
    """The PDF of `template` filled with `data` (JSON values; `sys.inputs.data` in the template).

    `at` is written as the creation time, so that the same data give the same bytes. `tagged` keeps the structure for
    screen readers; papers that are only printed go without and are a fifth of the size. Safe in threads.
    Raises typst.TypstError when the template itself is wrong.
    """
    inputs = json.dumps(_printable_tree(data), ensure_ascii=False)
    return _compile(template, inputs, int(at.timestamp()) if at else None, tagged)


def render_apart(template: Path, data: Mapping[str, Any]) -> bytes:
    """`render` of many pages in a process of its own, which gives its memory back (about 1 MB a page)."""
    inputs = json.dumps(_printable_tree(data), ensure_ascii=False).encode()
    command = [sys.executable, "-m", "akinai.core.typeset", str(template)]
    done = subprocess.run(command, input=inputs, capture_output=True, cwd=ROOT.parent, timeout=300)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def _compile(template: Path, inputs: str, timestamp: int | None, tagged: bool) -> bytes:
    # A Compiler is one world: two threads may not change its inputs at once.
    with _lock:
        compiler = _compiler(template)
        pdf = compiler.compile(
            format="pdf", sys_inputs={"data": inputs}, timestamp=timestamp, pdf_tags=tagged
        )
    assert isinstance(pdf, bytes)  # noqa: S101  (a PDF is one file, unlike PNG pages)
    return pdf


def printable(text: str) -> str:
    """`text` as it can be drawn: control characters and emoji dropped, 外字 (private use) shown as 〓."""
    if text.isascii() and text.isprintable():
        return text
    cleaned = _EMOJI.sub("", _UNPRINTABLE.sub("", text))
    return "".join(GETA if unicodedata.category(char) in {"Co", "Cn", "Cs"} else char for char in cleaned)


def _printable_tree(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _printable_tree(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable_tree(item) for item in value]
    return value


def _compiler(template: Path) -> typst.Compiler:
    if template not in _compilers:
        _compilers[template] = typst.Compiler(
            str(template),
            root=str(ROOT),
            font_paths=[str(folder) for folder in _font_folders()],
            ignore_system_fonts=True,
            sys_inputs={"data": "{}"},
        )
    return _compilers[template]


def _font_folders() -> list[Path]:
    """The folders of the font packages, without importing them."""
    specs = [find_spec(name) for name in FONT_PACKAGES]
    return [Path(spec.origin).parent for spec in specs if spec and spec.origin]


if __name__ == "__main__":
    sys.stdout.buffer.write(_compile(Path(sys.argv[1]), sys.stdin.read(), None, False))
