"""三井住友銀行: 年月日,お引出し,お預入れ,お取り扱い内容,残高(,メモ,ラベル)"""

from akinai.adapters.banks.smbc.parser import SmbcBank

__all__ = ["SmbcBank"]
