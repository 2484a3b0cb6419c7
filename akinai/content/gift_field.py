"""お礼のクーポン to choose: those that can be given now, so that nobody promises one that is not there."""

from __future__ import annotations

from typing import Any

from django import forms

from akinai.content import ports


class GiftField(forms.ChoiceField):
    """A coupon by its code, or none; its form sets the choices. What is kept already may stay, and says so when it can no longer be given."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="お礼のクーポン", required=False, **kwargs)


def choices(kept: str) -> list[tuple[str, str]]:
    """(code, name and worth) for the form."""
    named = [(kept if code.upper() == kept.upper() else code, name) for code, name in ports.gift_choices()]
    over = [(kept, f"{kept}（いまは渡せません）")] if kept and kept not in dict(named) else []
    return [("", "渡さない"), *named, *over]


def words(code: str) -> str:
    """What a given coupon is worth, for whom it was given to; "" where nobody knows."""
    return dict(ports.gift_choices()).get(code.upper(), "") if code else ""
