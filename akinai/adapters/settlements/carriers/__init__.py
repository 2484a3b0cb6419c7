"""代引の入金明細 of ヤマト, 佐川 and 日本郵便. Column names are 未確認: the carriers show them to their customers alone."""

from akinai.adapters.settlements.carriers.parser import DOORS, PROVIDERS

__all__ = ["DOORS", "PROVIDERS"]
