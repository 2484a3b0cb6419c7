"""Any provider (汎用): the clerk says which column is what and whose file it is; the mapping is kept for the next one."""

from akinai.adapters.settlements.generic.parser import GenericSettlement

__all__ = ["GenericSettlement"]
