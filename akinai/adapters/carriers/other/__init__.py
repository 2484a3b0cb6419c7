"""その他: 手渡し・自社配送など、送り状ファイルのいらない届け方。The twin that needs no partner."""

from akinai.adapters.carriers.other.carrier import Other

__all__ = ["Other"]
