"""他のお客様の情報: what a letter to one customer may not contain. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from akinai.support.rules.numbers import addresses, order_numbers, phones

__all__ = ["Known", "leaks"]

type Known = Mapping[str, int | None]  # order number as written → its customer


def leaks(
    text: str, *, customer_id: int | None, orders: Known, own_mails: Collection[str], own_phones: Collection[str],
    others: Sequence[str] = (),
) -> list[str]:  # fmt: skip
    """What does not belong into a letter to this customer, in Japanese sentences.

    `orders`: known orders that are named in the text. `others`: mails and phones in it that are known to be other customers'.
    """
    found = [
        f"注文番号 {number} は別のお客様の受注です。"
        for number in order_numbers(text)
        if number in orders and orders[number] is not None and orders[number] != customer_id
    ]
    found += [
        f"メールアドレス {mail} は別のお客様のものです。"
        for mail in addresses(text)
        if mail in others and mail not in own_mails
    ]
    found += [
        f"電話番号 {phone} は別のお客様のものです。"
        for phone in phones(text)
        if phone in others and phone not in own_phones
    ]
    return list(dict.fromkeys(found))
