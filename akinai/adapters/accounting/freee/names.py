"""freee の名前: 税区分 and 勘定科目 as a new freee company has them."""

from __future__ import annotations

PERCENTS = {80: "控80", 70: "控70", 50: "控50", 30: "控30", 0: "控不"}
TAXES = {
    "": "対象外", "s10": "課税売上10%", "s8": "課税売上8%（軽）", "s0": "非課税売上", "r10": "課税売上返還10%", "r8": "課税売上返還8%（軽）",
    "r0": "非課税売上返還", "p10": "課対仕入10%", "p8": "課対仕入8%（軽）", "p0": "対象外",
    **{f"p10_{percent}": f"課対仕入（{word}）10%" for percent, word in PERCENTS.items()},
    **{f"p8_{percent}": f"課対仕入（{word}）8%（軽）" for percent, word in PERCENTS.items()},
}  # fmt: skip
ACCOUNTS = {
    "charges": "売上高", "cuts": "売上値引・返品", "cogs": "売上原価", "tax_paid": "仮払消費税", "tax_received": "仮受消費税",
    "collectors": "未収入金", "kept": "預り金", "advance": "前受金",
}  # fmt: skip
