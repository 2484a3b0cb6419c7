"""The home folder (AKINAI_HOME): database, media, files, mail and logs of one shop."""

from __future__ import annotations

import os
import secrets
import tempfile
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


class HomeUnusable(RuntimeError):
    """The home folder cannot be made or written to; the message says which and what to do."""


@cache
def home() -> Path:
    """The folder named by AKINAI_HOME, else `var/` in the repository. Made when it is not there."""
    path = Path(os.environ.get("AKINAI_HOME") or REPOSITORY / "var").expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
        for name in ("media", "files", "logs", "mail"):  # customers' names: for no other user of the machine
            (path / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise HomeUnusable(
            f"置き場所 {path} を使えません（{error.strerror}）。AKINAI_HOME に、書き込めるフォルダーを指定してください。"
        ) from error
    return path


@cache
def database_url() -> str:
    """DATABASE_URL, else the embedded server of this home, started when it is not running."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    from config import postgres

    return postgres.ensure(home())


@cache
def secret_key() -> str:
    """AKINAI_SECRET_KEY, else a key made once and kept in the home, readable by its owner only."""
    if key := os.environ.get("AKINAI_SECRET_KEY"):
        return key
    path = home() / "secret_key"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(50))
    return path.read_text()


def secret(name: str) -> str:
    """A key of a partner: AKINAI_NAME of the environment, else the file secrets/name of the home; "" where there is neither.

    Raises HomeUnusable for a file that other users of the machine may read.
    """
    if value := os.environ.get(f"AKINAI_{name.upper()}"):
        return value.strip()
    path = home() / "secrets" / name
    if not path.is_file():
        return ""
    if path.stat().st_mode & 0o077:
        raise HomeUnusable(
            f"鍵のファイル {path} をほかの利用者も読めます。chmod 600 で、自分だけが読めるようにしてください。"
        )
    return path.read_text().strip()


def _write_once(path: Path, text: str) -> None:
    """Of two processes that begin at once, one names its whole file `path`; the other finds it there."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
    try:
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
