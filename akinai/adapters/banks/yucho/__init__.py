"""ゆうちょ銀行: 取引日,入出金明細ID,受入金額（円）,払出金額（円）,詳細１,詳細２,現在（貸付）高"""

from akinai.adapters.banks.yucho.parser import YuchoBank

__all__ = ["YuchoBank"]
