"""The `akinai` command (運用コマンド): operators' commands on a home that prepares itself."""

from __future__ import annotations

import logging
import os
import secrets
import sys

from akinai.core import answers

USAGE = """akinai: 商いのコマンド

使い方:
  akinai intake orders|products|stock|bank|tracking FILE… [--dry-run] [--json]   ファイルを取り込む
  akinai match   [--json]    入金を消し込む
  akinai chase   [--dry-run] [--json]   今日の督促を行う
  akinai invoice [--send] [--json]      請求書を発行する
  akinai statements --day 31 --month 2026-10 [--json]   月締めの合計請求書を発行する
  akinai books   [--close 2026-10] [--export yayoi --month 2026-10 --out FILE] [--json]   記帳・月締め・会計ソフト
  akinai propose [--on 日付] [--json]   補充の提案を作り直す
  akinai leaks   [--json]    漏れチェック
  akinai verify  [--json]    台帳の整合性を検証する
  akinai mail-in FILE… [--json]         メールのファイル（.eml）を受け取る
  akinai support-figures [--of own] [--json]   応対の数字を出す
  akinai demo    [--json]    見本の会社を用意する
  akinai serve               画面とワーカーを動かす
  akinai stop-db             組み込みのデータベースを止める
  akinai manage …            Django のコマンド

くわしい説明は akinai intake --help のように、コマンドごとに見られます。
--json を付けると、最後の行に JSON を 1 つ書きます。終了コードは、できたら 0、断ったら 1 です。

環境変数:
  AKINAI_HOME    データベース・ファイル・記録の置き場所（既定は var/）
  DATABASE_URL   外の PostgreSQL を使うとき（例 postgresql://user:password@host:5432/akinai）
"""
SERVE = """使い方: akinai serve

画面とワーカーを動かします。PORT（既定 8000）で番号を変えられます。止めるには Ctrl-C。"""
STOP_DB = """使い方: akinai stop-db

この置き場所（AKINAI_HOME）の組み込みのデータベースを止めます。次のコマンドでまた動きます。"""
OPERATORS = (
    "intake", "match", "chase", "invoice", "statements", "books", "propose", "leaks", "verify", "demo",
    "support-figures", "mail-in",
)  # fmt: skip
_HELP = ("-h", "--help", "help")


def main(argv: list[str] | None = None) -> int:
    """Run one command. Exit status 0 when done, 1 when refused. With --json the last line is one JSON object."""
    args = list(sys.argv[1:] if argv is None else argv)
    _speak_any_letter()
    if not args or args[0] in _HELP:
        print(USAGE)
        return 0
    try:
        return _dispatch(args)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.stderr.close()
        return 1
    except SystemExit as leaving:
        return 0 if leaving.code is None else min(leaving.code, 1) if isinstance(leaving.code, int) else 1
    except Exception as error:
        return _unexpected(error, args)


def _speak_any_letter() -> None:
    """A terminal that does not know 髙 gets an escape, not a crash."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")


def _dispatch(args: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    command, asks_help = args[0], any(word in ("-h", "--help") for word in args[1:])
    if command == "stop-db":
        return _say(STOP_DB) if asks_help else _stop_database()
    if command == "serve":
        from config import serve

        return _say(SERVE) if asks_help else serve.main()
    if command not in (*OPERATORS, "manage"):
        return _refuse(f"「{command}」というコマンドはありません。akinai --help を見てください。", args)
    if not asks_help:
        from config.prepare import prepare

        prepare()
    from django.core.management import execute_from_command_line

    # Operators write a dash where Python's names have none.
    named = args[1:] if command == "manage" else [command.replace("-", "_"), *args[1:]]
    execute_from_command_line(["akinai", *named])
    return 0


def _say(text: str) -> int:
    print(text)
    return 0


def _stop_database() -> int:
    from config import home, postgres

    return _say("止めました。" if postgres.stop(home.home()) else "動いていません。")


def _refuse(message: str, args: list[str]) -> int:
    print(message, file=sys.stderr)
    if "--json" in args:
        print(answers.line(answers.refused(args[0], message)), flush=True)
    return 1


def _unexpected(error: Exception, args: list[str]) -> int:
    """Never a traceback on the screen: it goes to the log under a short name."""
    from config.home import HomeUnusable, home
    from config.postgres import PostgresUnavailable

    if isinstance(error, (PostgresUnavailable, HomeUnusable)) or type(error).__name__ == "CommandError":
        return _refuse(str(error), args)
    name = secrets.token_hex(4)
    try:
        path = home() / "logs" / "errors.log"
        logging.basicConfig(filename=path, level=logging.ERROR, format="%(asctime)s %(message)s", force=True)
        logging.error("%s", name, exc_info=error)
        where = f"くわしい記録: {path}（{name}）"
    except OSError as unwritable:
        where = f"記録を書けません（{unwritable.strerror}）。AKINAI_HOME の空きと書き込みの許可を確かめてください。"
    return _refuse(
        f"思わぬ誤りで止まりました（{type(error).__name__}）。何も登録されていません。{where}", args
    )


if __name__ == "__main__":
    sys.exit(main())
