"""取込: the one way files come in, for screens and commands alike.

detect format and encoding → plan (dry run with preview and errors by line and column) → apply all or nothing →
record with the originals kept → undo where the business allows. Rooms implement `Kind`; see README.md beside this.
"""

from __future__ import annotations

from akinai.core.intake.deciding import NeedsMapping
from akinai.core.intake.kind import (
    GENERIC,
    Change,
    Field,
    Format,
    Kind,
    Made,
    Option,
    Options,
    Plan,
    Result,
    Upload,
    kind_of,
    kinds,
    register,
)
from akinai.core.intake.reading import Reading
from akinai.core.intake.services import (
    BACKGROUND_ROWS,
    apply,
    give_back,
    look,
    preview,
    queue,
    read_again,
    undo,
)
from akinai.core.intake.store import originals_of

__all__ = [
    "BACKGROUND_ROWS",
    "GENERIC",
    "Change",
    "Field",
    "Format",
    "Kind",
    "Made",
    "NeedsMapping",
    "Option",
    "Options",
    "Plan",
    "Reading",
    "Result",
    "Upload",
    "apply",
    "give_back",
    "kind_of",
    "kinds",
    "look",
    "originals_of",
    "preview",
    "queue",
    "read_again",
    "register",
    "undo",
]
