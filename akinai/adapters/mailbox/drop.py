"""受け皿フォルダー (.eml): mails that somebody puts into a folder, each taken once and put away as done or refused.

    for mail in claim(folder):
        …; mail.done()   or   mail.refuse("理由")

A file is claimed by renaming it, so two processes never take the same one; what a process that died had claimed goes back
after a quarter of an hour, and the digest of `read_mail` tells if it was taken in already.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from akinai.adapters.mailbox.mail import MOST_BYTES

CLAIMED, DONE, REFUSED = "claimed", "done", "refused"
STALE = 15 * 60
SETTLED = 2  # seconds without a change before a file counts as written


@dataclass(frozen=True, slots=True)
class Dropped:
    """One file that is ours now. Of a file over the limit only so much is read that `read_mail` refuses it."""

    name: str
    raw: bytes
    path: Path

    def done(self) -> Path:
        """Put it away; gives where it lies."""
        return self._put(DONE)

    def refuse(self, reason: str) -> Path:
        """Put it away with the reason beside it in a text file."""
        path = self._put(REFUSED)
        path.with_name(f"{path.name}.txt").write_text(f"{reason}\n", encoding="utf-8-sig")
        return path

    def _put(self, where: str) -> Path:
        folder = self.path.parent.parent / where
        folder.mkdir(exist_ok=True)
        target = folder / self.name
        if target.exists():
            target = folder / f"{Path(self.name).stem}-{hashlib.sha256(self.raw).hexdigest()[:8]}-{time.time_ns()}.eml"  # fmt: skip
        return self.path.rename(target)


def claim(folder: Path, *, most: int = 500, now: float | None = None) -> Iterator[Dropped]:
    """Files of `folder` that end in .eml, oldest first; links and files still being written are left alone."""
    moment = time.time() if now is None else now
    ours = folder / CLAIMED
    ours.mkdir(parents=True, exist_ok=True)
    _give_back(ours, moment)
    for path in _waiting(folder, moment)[:most]:
        mine = ours / path.name
        try:
            if mine.exists():
                continue
            os.utime(path, (moment, moment))  # before it is ours: an old file must not look forgotten
            path.rename(mine)
        except FileNotFoundError:
            continue  # another process was faster
        with mine.open("rb") as file:
            yield Dropped(path.name, file.read(MOST_BYTES + 1), mine)


def _waiting(folder: Path, moment: float) -> list[Path]:
    found = []
    for path in folder.iterdir():
        if path.suffix.lower() != ".eml":
            continue
        try:
            state = path.lstat()
        except FileNotFoundError:
            continue
        if stat.S_ISREG(state.st_mode) and moment - state.st_mtime >= SETTLED:
            found.append((state.st_mtime, path.name, path))
    return [path for _, _, path in sorted(found)]


def _give_back(ours: Path, moment: float) -> None:
    """What was claimed long ago and never put away: its process died."""
    for path in ours.iterdir():
        try:
            if moment - path.lstat().st_mtime > STALE and not (ours.parent / path.name).exists():
                path.rename(ours.parent / path.name)
        except FileNotFoundError:
            continue
