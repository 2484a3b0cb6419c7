"""Carriers (運送会社): one folder per partner; label files out, tracking numbers in.

送り状データの出力と発行済データの取込。文字・桁・住所の割り付けなど共通の決まりはこの階にある。
"""

from __future__ import annotations


def register_carriers() -> None:
    """The table of carriers: one line brings a door into use."""
    from akinai.adapters.carriers.japanpost import JapanPost
    from akinai.adapters.carriers.other import Other
    from akinai.adapters.carriers.sagawa import Sagawa
    from akinai.adapters.carriers.yamato import Yamato
    from akinai.shipping.ports import register_carrier

    register_carrier(Yamato())
    register_carrier(Sagawa())
    register_carrier(JapanPost())
    register_carrier(Other())
