"""Zengin files (全銀協規定形式): 種別01 振込入金通知 and 種別03 入出金取引明細, 200 bytes a record.

件数・合計・残高が1つでも合わなければファイル全体を断る。`parser` reads records, `mapping` gives our words,
`writer` makes such files for tests and the demo shop.
"""

from akinai.adapters.banks.zengin.mapping import ZenginBank

__all__ = ["ZenginBank"]
