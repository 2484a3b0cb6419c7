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


def test_no_two_scripts_of_a_public_page_declare_the_same_name() -> None:
    """The second would not run at all, and its part of the page would do nothing."""
    room = Path(akinai.content.__file__).parents[1]
    scripts = [*room.glob("content/static/storefront/js/*.js"), *room.glob("shop/static/**/*.js"), room / "support/static/support/answers.js"]  # fmt: skip
    named: dict[str, list[str]] = defaultdict(list)
    for path in scripts:
        for name in re.findall(
            r"^(?:const|let|class|(?:async )?function) (\w+)", path.read_text(), re.MULTILINE
        ):
            named[name].append(path.name)
    assert len(scripts) > 3
    assert {name: files for name, files in named.items() if len(files) > 1} == {}
