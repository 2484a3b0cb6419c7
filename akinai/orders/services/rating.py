"""税率の確認: lines whose rate the channel does not tell get it from our own goods, before anything is compared or stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from akinai.catalog import queries as catalog
from akinai.channels import queries as channels
from akinai.orders.ports import DOUBTFUL, TOLD, IssueDraft, LineDraft, OrderDraft
from akinai.orders.services import cases
from akinai.orders.states import IssueCode


def rated(drafts: Sequence[OrderDraft], channel_id: int) -> list[OrderDraft]:
    """The drafts with every rate as sure as it can be. A doubtful one that no known goods decide is said.

    Provisional goods know no rate: it was taken from a file like this one. No query where every rate is told.
    """
    asking = [line for draft in drafts for line in draft.lines if line.tax_rate_is != TOLD]
    if not asking:
        return list(drafts)
    found = channels.resolve_skus(
        channel_id, list({code for line in asking for code in cases.codes_of(line)})
    )
    rates = {pk: row.tax_rate for pk, row in catalog.sku_rows(found.values()).items() if not row.needs_review}
    known = {code: rates[pk] for code, pk in found.items() if pk in rates}
    return [_rated(draft, known) for draft in drafts]


def _rated(draft: OrderDraft, known: Mapping[str, int]) -> OrderDraft:
    lines = tuple(_line(line, known) for line in draft.lines)
    doubts = tuple(_doubt(draft, line) for line in lines if line.tax_rate_is == DOUBTFUL)
    return replace(draft, lines=lines, issues=(*draft.issues, *doubts))


def _line(line: LineDraft, known: Mapping[str, int]) -> LineDraft:
    if line.tax_rate_is == TOLD:
        return line
    rate = next((known[code] for code in cases.codes_of(line) if code in known), None)
    return line if rate is None else replace(line, tax_rate=rate, tax_rate_is=TOLD)


def _doubt(draft: OrderDraft, line: LineDraft) -> IssueDraft:
    text = (
        f"10%と8%の商品が混ざった注文で、「{line.name[:60]}」がどちらの税率か、金額からは決められません。"
        f"{line.tax_rate}%として取り込みました。商品の税率を登録するか、確かめて直してください"
    )
    where = (line.line_no, draft.source_file, line.source_line)
    return IssueDraft(IssueCode.TAX_MISMATCH, text, *where, "税率", str(line.tax_rate))
