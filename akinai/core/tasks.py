"""Background jobs of the cellar (共通基盤のジョブ): found here by the worker."""

from akinai.core.intake.tasks import apply_intake

__all__ = ["apply_intake"]
