"""会計: every fact of sales, money and goods becomes revenue rows (売上台帳) and double entry (仕訳); months are closed here.

売上台帳・仕訳・月締め・会計ソフトへの出力. This room changes nothing in the rooms below: it reads what they recorded and keeps
two ledgers of its own that can always be compared with theirs.
"""
