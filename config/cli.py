"""The `akinai` command (運用コマンド): Django's management commands for operators, on a home that prepares itself."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import sys
from pathlib import Path

USAGE = """akinai: 商いのコマンド

  akinai intake orders|products|stock|bank|tracking FILE… [--dry-run] [--json]   ファイルを取り込む
  akinai match   [--json]    入金を消し込む
  akinai leaks   [--json]    漏れチェック
  akinai verify  [--json]    台帳の整合性を検証する
  akinai demo                見本の会社を用意する
  akinai serve               画面とワーカーを動かす
  akinai stop-db             組み込みのデータベースを止める
  akinai manage …            Django のコマンド
"""


def main(argv: list[str] | None = None) -> int:
    """Run one command. Exit status 0 when done, 1 when refused. With --json the last line is one JSON object."""
    args = list(sys.argv[1:] if argv is None else argv)
    if not args or args[0] in ("-h", "--help", "help"):
        print(USAGE)
        return 0
    try:
        return _dispatch(args)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.stderr.close()
        return 1
    except SystemExit as leaving:
        return _exit_code(leaving, "--json" in args)
    except Exception as error:
        return _unexpected(error, "--json" in args)


def _dispatch(args: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    if args[0] == "stop-db":
        from config import home, postgres

        print("止めました。" if postgres.stop(home.home()) else "動いていません。")
        return 0
    if args[0] == "serve":
        from config import serve

        return serve.main()
    prepare()
    from django.core.management import execute_from_command_line

    command = args[1:] if args[0] == "manage" else args
    execute_from_command_line(["akinai", *command])
    return 0


def prepare() -> None:
    """Make the home ready: database running, tables up to date. Quick when nothing changed; no demo data."""
    from config.home import REPOSITORY, database_url, home

    url = database_url()
    names = sorted(str(p.relative_to(REPOSITORY)) for p in (REPOSITORY / "akinai").glob("*/migrations/*.py"))
    mark = hashlib.sha256("\n".join([url, *names]).encode()).hexdigest()
    stamp = home() / "migrated"
    if stamp.exists() and stamp.read_text() == mark and (home() / "pg" / "PG_VERSION").exists():
        return
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    stamp.write_text(mark)


def _exit_code(leaving: SystemExit, as_json: bool) -> int:
    code = leaving.code if isinstance(leaving.code, int) else 1
    if code not in (0, 1) and as_json:  # argparse: wrong words
        _say_json("コマンドの指定が正しくありません。akinai --help を見てください。")
    return 0 if leaving.code is None else min(code, 1)


def _unexpected(error: Exception, as_json: bool) -> int:
    """Never a traceback on the screen: it goes to the log under a short name."""
    name = secrets.token_hex(4)
    try:
        from config.home import home

        path: Path = home() / "logs" / "errors.log"
        logging.basicConfig(filename=path, level=logging.ERROR, format="%(asctime)s %(message)s", force=True)
        logging.error("%s", name, exc_info=error)
        where = f"記録: {path}（{name}）"
    except OSError:
        where = type(error).__name__
    kind = type(error).__name__
    text = (
        str(error)
        if kind in ("PostgresUnavailable", "CommandError")
        else f"思わぬ誤りで止まりました（{kind}）。"
    )
    print(f"{text} {where}", file=sys.stderr)
    if as_json:
        _say_json(f"{text} {where}")
    return 1


def _say_json(message: str) -> None:
    error = {"file": "", "line": 0, "column": "", "value": "", "message": message}
    print(json.dumps({"ok": False, "errors": [error]}, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
