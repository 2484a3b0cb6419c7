"""Tables from files (表の読み込み): bytes in, rows with their line numbers out, or a reasoned refusal.

Every file that enters Akinai passes here first. What is decided here is only the shape of the file
(encoding, delimiter, header, cells); what the cells mean is decided by the doors in `akinai.adapters`.
Pure: knows no Django.
"""

from __future__ import annotations

from akinai.core.tables.cells import (
    EXCEL_WAY_OUT,
    dangerous_formula,
    has_control,
    is_excel_mangled,
    is_garbled,
    normal_header,
    unwrap_text,
)
from akinai.core.tables.decode import decode
from akinai.core.tables.naming import fold_name, guess_columns
from akinai.core.tables.read import MAX_BYTES, MAX_ROWS, no_header, read_tables
from akinai.core.tables.shape import (
    FileRefused,
    HeaderNotFound,
    Row,
    RowError,
    Table,
    refuse,
    refuse_all,
    shorten,
)

__all__ = [
    "EXCEL_WAY_OUT",
    "MAX_BYTES",
    "MAX_ROWS",
    "FileRefused",
    "HeaderNotFound",
    "Row",
    "RowError",
    "Table",
    "dangerous_formula",
    "decode",
    "fold_name",
    "guess_columns",
    "has_control",
    "is_excel_mangled",
    "is_garbled",
    "no_header",
    "normal_header",
    "read_tables",
    "refuse",
    "refuse_all",
    "shorten",
    "unwrap_text",
]
