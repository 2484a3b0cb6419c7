"""見本の発行済データ: what the carrier's software gives back for a label file, with its numbers filled in."""

from __future__ import annotations

import csv
import io
from itertools import count

from akinai.core.intake import Upload

NUMBER_COLUMN = 3  # B2クラウド: 伝票番号 is the fourth column
_FIRST = 39_871_204_001


class Depot:
    """The carrier's counter: every label gets the next number, with its check digit (7DR)."""

    def __init__(self) -> None:
        self._next = count(_FIRST)

    def issue(self, labels: bytes, name: str) -> Upload:
        """The same rows with a number each."""
        rows = list(csv.reader(io.StringIO(labels.decode("cp932"))))
        for row in rows[1:]:
            base = next(self._next)
            row[NUMBER_COLUMN] = f"{base}{base % 7}"
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerows(rows)
        return Upload(name, out.getvalue().encode("cp932"))
