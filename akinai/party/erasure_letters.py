"""ご本人への回答: what was erased and what is kept by which law, in words. Names nobody: whoever sends it knows to whom."""

from __future__ import annotations

from pathlib import Path

from akinai.core import clock, typeset
from akinai.core.mail import is_address
from akinai.party import queries
from akinai.party.models import ErasureRequest

TOPIC = "個人情報の消去のご請求について"
TEMPLATE = Path(__file__).resolve().parent / "typst" / "answer.typ"


def subject_of(request: ErasureRequest) -> str:
    return f"{TOPIC}［{request.number}］"


def letter(request: ErasureRequest) -> str:
    """The answer to a request that was done or refused, as a mail says it."""
    return f"{words(request)}\n\n{queries.signature(queries.issuer_of(queries.company()))}"


def pdf(request: ErasureRequest) -> bytes:
    """The same on paper, to be sent by post to where the answer goes. Kept nowhere: it is made from the record each time."""
    to = "" if is_address(request.answer_to) else request.answer_to.strip()
    data = {
        "issuer": queries.issuer_of(queries.company()), "title": TOPIC, "number": request.number, "to": to or "ご請求者 様",
        "on": f"{clock.today():%Y年%-m月%-d日}", "parts": words(request).split("\n\n"),
    }  # fmt: skip
    return typeset.render(TEMPLATE, data)


def words(request: ErasureRequest) -> str:
    """What the answer says, without who says it."""
    asked = f"このたびはお申し出をいただき、ありがとうございます。\n{request.received_on:%Y年%-m月%-d日}にいただきました、個人情報の消去のご請求（受付番号 {request.number}）について、次のとおりお答えします。"
    body = _refused(request) if request.state == ErasureRequest.State.REFUSED else _done(request)
    return "\n".join([asked, "", *body, "", "ご不明な点がありましたら、当店までお問い合わせください。"])


def _refused(request: ErasureRequest) -> list[str]:
    return [
        "たいへん恐れ入りますが、ご請求には応じられません。",
        f"理由: {request.decided_reason}",
    ]


def _done(request: ErasureRequest) -> list[str]:
    parts = list(request.parts.all())
    gone = [one for one in parts if one.erased]
    kept = [one for one in parts if one.kept]
    lines = [f"■ 消去したもの（{request.done_at:%Y年%-m月%-d日}）" if request.done_at else "■ 消去したもの"]
    lines += [f"・{one.title}" for one in gone] or ["・なし"]
    if kept:
        lines += ["", "■ 法令などにより保存するもの"]
        lines += [f"・{one.title}\n　根拠: {one.law}{_until(one.until)}" for one in kept]
        lines += [
            "",
            "保存するものは、根拠の目的のほかには使いません。期限が過ぎたら消去します。",
        ]
    lines += [
        "",
        "控え（バックアップ）に残るものは、保管期限が過ぎると順に消えます。その間、使うことはありません。",
    ]
    return lines


def _until(day: object) -> str:
    return f"、{day:%Y年%-m月%-d日}まで" if day else ""
