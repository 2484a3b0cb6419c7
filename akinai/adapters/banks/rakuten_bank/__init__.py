"""楽天銀行: 取引日,入出金(円),取引後残高(円),入出金内容"""

from akinai.adapters.banks.rakuten_bank.parser import RakutenBank

__all__ = ["RakutenBank"]
