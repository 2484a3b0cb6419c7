"""佐川急便 e飛伝Ⅲ: 74列の出荷データを書き、出力データからお問い合せ送り状No.を受け取る。"""

from akinai.adapters.carriers.sagawa.carrier import Sagawa

__all__ = ["Sagawa"]
