"""ヤマト運輸 B2クラウド: 95列の送り状データを書き、発行済データから伝票番号を受け取る。"""

from akinai.adapters.carriers.yamato.carrier import Yamato

__all__ = ["Yamato"]
