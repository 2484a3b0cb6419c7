"""The shop on one machine (script/server): database, web and worker as one thing that starts and stops together."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

from config import postgres
from config.home import REPOSITORY, database_url, home

STOP_SECONDS = 10
LOGINS = (
    ("ito", "店長"), ("sato", "受注担当"), ("tanaka", "商品担当"), ("takahashi", "倉庫"), ("suzuki", "経理"),
    ("kato", "サポート"),
)  # fmt: skip


class Shop:
    """The children, and how they are started, watched and stopped."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.bind = os.environ.get("AKINAI_BIND", "127.0.0.1")
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.is_stopping = False
        self.started_at: dict[str, float] = {}

    def command(self, name: str) -> list[str]:
        python = sys.executable
        if name == "worker":
            return [python, str(REPOSITORY / "manage.py"), "procrastinate", "worker", "--concurrency", "2"]
        return [
            python, "-m", "granian", "--interface", "wsgi", "--host", self.bind, "--port", str(self.port),
            "--workers", "2", "--blocking-threads", "4", "--workers-kill-timeout", "5", "--log-level", "warning",
            "config.wsgi:application",
        ]  # fmt: skip

    def start(self, name: str) -> None:
        log = (home() / "logs" / f"{name}.log").open("ab")
        self.children[name] = subprocess.Popen(
            self.command(name), cwd=REPOSITORY, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            start_new_session=True, env={**os.environ, "DJANGO_SETTINGS_MODULE": _settings()},
        )  # fmt: skip
        self.started_at[name] = time.monotonic()
        self.remember()

    def remember(self) -> None:
        """The children's pids, for the next start to clean up after a kill -9."""
        pids = {name: child.pid for name, child in self.children.items()}
        (home() / "serve.json").write_text(json.dumps({"self": os.getpid(), **pids}))

    def watch(self) -> None:
        """Restart a child that died, but not in a tight loop."""
        while not self.is_stopping:
            for name, child in list(self.children.items()):
                if child.poll() is not None and not self.is_stopping:
                    print(f"{name} が止まったので、もう一度動かします。", flush=True)
                    time.sleep(max(0.0, 2 - (time.monotonic() - self.started_at[name])))
                    self.start(name)
            time.sleep(0.5)

    def stop(self) -> None:
        for child in self.children.values():
            _signal_group(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(child.pid, signal.SIGKILL)
                child.wait()
        (home() / "serve.json").unlink(missing_ok=True)


def _settings() -> str:
    return os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.dev")


def _signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _is_running() -> bool:
    """Does another supervisor serve this home? By its pid, working folder and command line."""
    try:
        pid = json.loads((home() / "serve.json").read_text()).get("self")
        process = psutil.Process(pid)
        return process.cwd() == str(REPOSITORY) and "config.serve" in " ".join(process.cmdline())
    except (OSError, ValueError, TypeError, psutil.Error):
        return False


def _stop_leftovers() -> None:
    """Children of a run that was killed: only processes that still are ours by their command line."""
    path = home() / "serve.json"
    if not path.exists():
        return
    try:
        pids = json.loads(path.read_text())
    except json.JSONDecodeError:
        pids = {}
    for name, pid in pids.items():
        if name == "self" or not isinstance(pid, int):
            continue
        try:
            process = psutil.Process(pid)
            words = " ".join(process.cmdline())
            if process.cwd() == str(REPOSITORY) and ("granian" in words or "procrastinate" in words):
                _signal_group(pid, signal.SIGKILL)
        except (psutil.Error, OSError):
            continue
    path.unlink(missing_ok=True)


def _port_is_free(bind: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError:
            return False
    return True


def _prepare_tables() -> None:
    import django
    from django.core.management import call_command

    from config.prepare import prepare

    prepare()
    django.setup()
    call_command("collectstatic", verbosity=0, interactive=False)
    if _wants_demo():
        print("見本の会社を用意しています…", flush=True)
        call_command("demo")
        (home() / "demo").write_text(_database_mark())


def _wants_demo() -> bool:
    """On the first run on each database, unless AKINAI_DEMO=0 says that a real shop moves in."""
    stamp = home() / "demo"
    return os.environ.get("AKINAI_DEMO") != "0" and not (
        stamp.exists() and stamp.read_text() == _database_mark()
    )


def _database_mark() -> str:
    return hashlib.sha256(database_url().encode()).hexdigest()  # a URL may hold a password


def _wait_until_up(shop: Shop) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not shop.is_stopping:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{shop.port}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return True
        except OSError:
            time.sleep(0.2)
    return False


def main() -> int:
    """Start everything, print the address, stay until Ctrl-C or TERM, stop everything."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    port = int(os.environ.get("PORT", "8000"))
    shop = Shop(port)
    if _is_running():
        print(
            "このお店はもう動いています。止めてから始めるか、AKINAI_HOME を変えてください。", file=sys.stderr
        )
        return 1
    _stop_leftovers()
    time.sleep(0.2)
    if not _port_is_free(shop.bind, port):
        print(
            f"ポート {port} は使われています。PORT=8001 script/server のように別の番号で始めてください。",
            file=sys.stderr,
        )
        return 1
    is_embedded = "DATABASE_URL" not in os.environ
    was_running = is_embedded and postgres.is_running(home())
    signal.signal(signal.SIGTERM, lambda *_: setattr(shop, "is_stopping", True))
    signal.signal(signal.SIGINT, lambda *_: setattr(shop, "is_stopping", True))
    try:
        os.environ["DATABASE_URL"] = database_url()
        _prepare_tables()
        for name in ("web", "worker"):
            shop.start(name)
        if _wait_until_up(shop):
            _welcome(port, shows_logins=os.environ.get("AKINAI_DEMO") != "0")
        elif not shop.is_stopping:
            print(f"画面が応答しません。{home() / 'logs' / 'web.log'} を見てください。", file=sys.stderr)
        shop.watch()
    finally:
        print("止めています…", flush=True)
        shop.stop()
        if is_embedded and not was_running:
            _stop_database()
    return 0


def _stop_database() -> None:
    os.environ.pop("DATABASE_URL", None)
    postgres.stop(Path(home()))


def _welcome(port: int, *, shows_logins: bool) -> None:
    print(f"\n  商い Akinai  →  http://localhost:{port}/office/")
    if shows_logins:
        print("\n  見本の担当者（パスワードはすべて akinai-demo）")
        for name, role in LOGINS:
            print(f"    {name:<10} {role}")
    print("\n  止めるには Ctrl-C\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
