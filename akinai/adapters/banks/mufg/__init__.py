"""三菱UFJ銀行 (BizSTATION Light・三菱UFJダイレクト): 日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,…"""

from akinai.adapters.banks.mufg.parser import MufgBank

__all__ = ["MufgBank"]
