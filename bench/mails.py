"""script/bench mails: how many mails a second the door reads, and that 10,000 mutated ones raise nothing and lose nothing.

The mails are the real ones beside the repository (../shared/samples/mail); without them our own letters are used.
"""

from __future__ import annotations

import argparse
import json
import random
import time

from akinai.adapters.mailbox import Refusal, read_mail
from akinai.adapters.mailbox.tests import letters
from akinai.adapters.mailbox.tests.conservation import check, mutated
from tests.samples import FOLDER


def mails() -> list[bytes]:
    found = [path.read_bytes() for path in sorted((FOLDER / "mail").glob("*.eml"))]
    own = [
        letters.mail(letters.jis("①㈱髙橋様 ﾃｽﾄ注文"), kind="text/plain; charset=iso-2022-jp"),
        letters.mixed(letters.text("見てください"), letters.file(b"; filename*=UTF-8''%E8%A1%A8.pdf")),
        letters.mail("届きました".encode("cp932"), kind="text/plain"),
    ]
    return found + own


def say(**figure: object) -> None:
    print(json.dumps({"bench": "mails", **figure}, ensure_ascii=False), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    kept = mails()
    begin = time.perf_counter()
    rounds = 20
    for _ in range(rounds):
        for raw in kept:
            read_mail(raw)
    seconds = time.perf_counter() - begin
    say(figure="real mails", mails=rounds * len(kept), per_second=round(rounds * len(kept) / seconds))
    large = letters.mixed(letters.text("写真です"), letters.file(b'; filename="a.bin"', random.Random(1).randbytes(15_000_000)))  # fmt: skip
    begin = time.perf_counter()
    read_mail(large)
    say(figure="one of 20 MB", seconds=round(time.perf_counter() - begin, 2))
    _mutations(kept, arguments.mutations, arguments.seed)


def _mutations(kept: list[bytes], count: int, seed: int) -> None:
    dice = random.Random(seed)
    slowest, refused, begin = 0.0, 0, time.perf_counter()
    for _ in range(count):
        raw = mutated(dice, dice.choice(kept), kept)
        since = time.perf_counter()
        refused += isinstance(check(raw), Refusal)
        slowest = max(slowest, time.perf_counter() - since)
    seconds = time.perf_counter() - begin
    say(
        figure="mutated mails, checked", mails=count, seed=seed, refused=refused, raised=0, lost=0,
        per_second=round(count / seconds), slowest_ms=round(slowest * 1000),
    )  # fmt: skip


if __name__ == "__main__":
    main()
