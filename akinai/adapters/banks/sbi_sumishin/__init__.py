"""住信SBIネット銀行: 日付,内容,出金金額(円),入金金額(円),残高(円),メモ (新しい順)"""

from akinai.adapters.banks.sbi_sumishin.parser import SbiSumishinBank

__all__ = ["SbiSumishinBank"]
