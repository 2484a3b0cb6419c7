"""店舗の見た目: a class of the public pages is drawn by one file, so that nobody mends it where another rule wins."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import akinai.content

FOLDER = Path(akinai.content.__file__).parent / "static/storefront/css"
# Belongs to the pages of members, which never stand beside the others.
APART = {"mypage.css"}


def _owners() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for path in FOLDER.glob("*.css"):
        text = re.sub(r"/\*.*?\*/|\([^()]*\)", "", path.read_text(), flags=re.DOTALL)
        for selectors in re.findall(r"([^{}]+)\{", text):
            for one in selectors.split(","):
                if (named := re.findall(r"\.(s-[\w-]+)", one)) and path.name not in APART:
                    found[named[0]].add(path.name)
    return found


def test_each_class_has_one_file() -> None:
    assert {name: files for name, files in _owners().items() if len(files) > 1} == {}
