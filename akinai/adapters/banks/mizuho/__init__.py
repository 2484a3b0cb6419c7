"""みずほ銀行: 口座の情報が約12行、その下に 明細通番,日付,お引出金額,お預入金額,残高,お取引内容"""

from akinai.adapters.banks.mizuho.parser import MizuhoBank

__all__ = ["MizuhoBank"]
