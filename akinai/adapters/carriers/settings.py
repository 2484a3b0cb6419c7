"""Settings that several doors ask for (運送会社の設定), and what is wrong with them when a file is to be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from akinai.adapters.carriers.letters import printable, unprintable, width
from akinai.shipping.ports import Label, LabelProblem, Setting


def goods_text(limit: int) -> Setting:
    """品名 that is printed instead of what was bought: some customers' families shall not read it."""

    def why_not(text: str) -> str:
        plain = printable(text)
        if strange := unprintable(plain):
            return f"「{strange[0]}」は送り状に印字できません。別の字に直してください。"
        if plain[:1] in ("=", "@"):
            return "先頭に「=」や「@」は使えません。"
        return f"全角{limit // 2}文字までです。短くしてください。" if width(plain) > limit else ""

    return Setting(
        "goods_text",
        "印字する品名",
        "例：食品、雑貨。空欄なら注文の商品名を印字します。",
        check=why_not,
    )


def with_goods_text(labels: Sequence[Label], account: Mapping[str, str]) -> list[Label]:
    """The labels, all with the shop's own 品名 where it has chosen one."""
    text = account.get("goods_text", "")
    return [replace(label, goods=(text,)) for label in labels] if text else list(labels)


def contract_problems(
    settings: Sequence[Setting], account: Mapping[str, str], *, carrier: str
) -> list[LabelProblem]:
    """Settings without which the carrier's software refuses every row: then the whole file waits."""
    found = []
    for setting in settings:
        value = account.get(setting.name, "")
        try:
            setting.read(value)
        except ValueError as reason:
            message = f"{carrier}の{setting.label}「{value}」が正しくありません。{reason}運送会社の設定で登録してください。"
            found.append(LabelProblem("", setting.label, value, message))
    return found
