"""そのほかの受注CSV・Excel: any file with one row per line or per order, by a mapping of its columns.

Used when no mall's door knows the header. Columns are guessed from their names or chosen by a clerk and saved.
"""

from __future__ import annotations

from akinai.adapters.channels.generic.mapping import GenericFormat

__all__ = ["GenericFormat"]
