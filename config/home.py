"""The home folder (AKINAI_HOME): database, media, files, mail and logs of one shop."""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


@cache
def home() -> Path:
    """The folder named by AKINAI_HOME, else `var/` in the repository. Made when it is not there."""
    path = Path(os.environ.get("AKINAI_HOME") or REPOSITORY / "var").expanduser().resolve()
    path.mkdir(parents=True, exist_ok=True)
    for name in ("media", "files", "logs", "mail"):
        (path / name).mkdir(exist_ok=True)
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
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(50))
    return path.read_text()
