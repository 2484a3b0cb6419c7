"""Which account a file is about (口座の手がかり), from the lines above its header. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from akinai.core.tables import normal_header
from akinai.payments.ports import AccountHint

# label → field of AccountHint. A label must be the whole left cell (or stand before ":"), so that prose is not read.
_LABELS = {
    "bank_name": ("金融機関名", "銀行名"),
    "branch_code": ("店番", "店番号", "支店番号", "支店コード", "店舗番号"),
    "branch_name": ("支店名", "お取引店", "取引店", "取引店名", "店名", "お取引支店", "本支店名"),
    "kind": ("科目", "預金種目", "種目", "口座種別", "預金科目", "口座種類"),
    "number": ("口座番号", "お取引口座番号", "記号番号", "記号-番号", "現在の口座番号"),
    "holder": ("口座名義", "口座名義人", "名義", "お名前", "口座名", "お客さま名", "契約者名", "おなまえ"),
}  # fmt: skip
_FIELD_OF = {label: name for name, labels in _LABELS.items() for label in labels}
_KINDS = {"普通": "普通", "当座": "当座", "貯蓄": "貯蓄", "通常": "普通", "総合": "普通"}


def hint_from(preamble: Iterable[Sequence[str]], *, bank_code: str = "", bank_name: str = "") -> AccountHint:
    """Read "label, value" and "label：value" pairs; what is not there stays empty."""
    found: dict[str, str] = {}
    for label, value in _pairs(preamble):
        name = _FIELD_OF.get(label)
        if name and value and name not in found:
            found[name] = value
    found["kind"] = next(
        (kind for word, kind in _KINDS.items() if found.get("kind", "").startswith(word)), ""
    )
    found |= _number(found)
    if not (found.get("branch_code", "").isdigit() and len(found["branch_code"]) == 3):
        found["branch_code"] = ""
    return AccountHint(
        bank_code=bank_code,
        bank_name=bank_name or found.pop("bank_name", ""),
        **{name: value for name, value in found.items() if name != "bank_name"},
    )


def _pairs(preamble: Iterable[Sequence[str]]) -> Iterable[tuple[str, str]]:
    for row in preamble:
        cells = [normal_header(cell) for cell in row]
        cells = [cell for cell in cells if cell]
        for left, right in zip(cells, [*cells[1:], ""], strict=False):
            label, colon, value = left.partition(":")
            yield (label.strip(), value.strip()) if colon and value.strip() else (label.strip(), right)


def _number(found: dict[str, str]) -> dict[str, str]:
    """「普通 1234567」, 「001-1234567」 → the digits of the account alone."""
    text = found.get("number", "")
    kind = next((kind for word, kind in _KINDS.items() if word in text), found.get("kind", ""))
    groups = re.findall(r"\d+", text)
    if not groups:
        return {"number": "", "kind": kind}
    branch = (
        groups[0]
        if len(groups) == 2 and len(groups[0]) == 3 and not found.get("branch_code")
        else found.get("branch_code", "")
    )
    return {
        "number": groups[-1] if len(groups[-1]) >= 4 else "".join(groups),
        "kind": kind,
        "branch_code": branch,
    }
