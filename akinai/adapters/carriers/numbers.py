"""送り状番号: check digits. Pure. Source: 7DR (7で割った余り) of ヤマト and 佐川; UPU S10 for EMS."""

from __future__ import annotations

import re

from akinai.adapters.carriers.letters import narrow

LENGTH = 12
_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def digits_of(text: str) -> str:
    """ "1234-5678-901３" → "123456789013"."""
    return re.sub(r"[\s\-]", "", narrow(text))


def seven_dr(first: str) -> str:
    """The check digit of 11 digits: the rest of the division by 7, so 0 to 6."""
    return str(int(first) % 7)


def check_seven_dr(number: str, carrier: str) -> str:
    """'' for 12 digits with the right check digit, else the Japanese reason with the way out."""
    plain = digits_of(number)
    if not plain:
        return "送り状番号が空です。"
    if not (plain.isascii() and plain.isdigit()):
        return f"送り状番号「{number}」に数字でない文字があります。12桁の数字を入れてください。"
    if len(plain) != LENGTH:
        lost = (
            "Excelで開いて先頭の0が消えていないか確かめてください。"
            if len(plain) < LENGTH
            else "余分な数字がないか確かめてください。"
        )
        return f"送り状番号「{number}」は{len(plain)}桁です（{carrier}は12桁）。{lost}"
    if seven_dr(plain[:-1]) != plain[-1]:
        return f"送り状番号「{number}」の検査数字が合いません（打ち間違いの可能性）。送り状の番号と見比べてください。"
    return ""


def check_s10(number: str) -> str:
    """'' for a right international number (EE123456785JP), else the reason."""
    plain = digits_of(number).upper()
    if not _S10.fullmatch(plain):
        return f"送り状番号「{number}」の形が正しくありません。送り状の番号と見比べてください。"
    total = sum(int(digit) * weight for digit, weight in zip(plain[2:10], _S10_WEIGHTS, strict=True))
    expected = {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
    return (
        ""
        if int(plain[10]) == expected
        else f"送り状番号「{number}」の検査数字が合いません。送り状の番号と見比べてください。"
    )
