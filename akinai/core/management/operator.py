"""The frame of an operator's command (運用コマンドの枠): Japanese help and refusals, one JSON object with --json."""

from __future__ import annotations

import re
import sys
from argparse import SUPPRESS, RawDescriptionHelpFormatter
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter
from django.db import connections

from akinai.core import answers
from akinai.core.errors import DomainError

# What Django adds to every command and no operator needs; it still works.
_DJANGOS = frozenset(
    ("version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color", "skip_checks")
)
_WORDS = (
    (re.compile(r"unrecognized arguments: (.*)"), "「{}」という指定はありません。"),
    (re.compile(r"the following arguments are required: (.*)"), "「{}」が指定されていません。"),
    (re.compile(r"argument (\S+): expected one argument"), "「{}」には値が要ります。"),
    (re.compile(r"argument (\S+): invalid .*"), "「{}」の値が正しくありません。"),
    (
        re.compile(r"ambiguous option: (\S+) .*"),
        "「{}」は何を指すか決められません。省略せずに書いてください。",
    ),
)


class _Help(RawDescriptionHelpFormatter, DjangoHelpFormatter):
    """Descriptions keep their line breaks: Japanese has no spaces to break lines at."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, prefix or "使い方: ")


class OperatorCommand(BaseCommand):
    """A command for operators and cron. Subclasses say `answer` (what --json prints; `ok` False ends with 1) and `tell`.

    A DomainError becomes a refusal with the keys of `answers.EMPTY`.
    """

    requires_system_checks: list[str] = []  # a shop's cron should not wait for a developer's checks
    name: ClassVar[str] = ""  # as in answers.EMPTY

    def answer(self, given: dict[str, Any]) -> Mapping[str, Any]:
        """Do the work."""
        raise NotImplementedError

    def tell(self, answer: Mapping[str, Any]) -> None:
        """Say the answer to a person."""
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="結果を JSON で最後の行に書く")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, formatter_class=_Help, **kwargs)
        parser._positionals.title, parser._optionals.title = "指定", "オプション"
        for action in parser._actions:
            if action.dest in _DJANGOS:
                action.help = SUPPRESS
            elif action.dest == "help":
                action.help = "この説明を表示する"
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        """Like Django's, but a wrong word is refused in Japanese and, with --json, as JSON."""
        try:
            given = vars(self.create_parser("akinai", argv[1]).parse_args(argv[2:]))
        except CommandError as error:
            self._refuse(_in_japanese(str(error), argv[1]), as_json="--json" in argv)
            return
        try:
            self.execute(*given.pop("args", ()), **given)
        finally:
            connections.close_all()

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            found = self.answer(given)
        except DomainError as refusal:
            self._refuse(f"{refusal.message}{refusal.way_out}", as_json=given["json"])
            return
        if given["json"]:
            self.stdout.write(answers.line(found))
        else:
            self.tell(found)
        self.stdout.flush()
        if not found["ok"]:
            sys.exit(1)

    def _refuse(self, message: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(answers.line(answers.refused(self.name, message)))
        else:
            self.stderr.write(message)
        self.stdout.flush()
        sys.exit(1)


def _in_japanese(message: str, command: str) -> str:
    """argparse's refusals. A word it does not know stays as it is."""
    plain = message.removeprefix("Error: ")
    for pattern, words in _WORDS:
        if found := pattern.fullmatch(plain):
            plain = words.format(found[1])
            break
    return f"{plain}akinai {command} --help で使い方を確かめてください。"
