"""Files that are taken for bank statements but are none (入金明細ではないファイル): said by name, with the way out."""

from akinai.adapters.banks.strangers.parser import explain

__all__ = ["explain"]
