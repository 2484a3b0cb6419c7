"""script/bench mails: how many mails a second the door reads, and that 10,000 mutated ones raise nothing and lose nothing,
neither when they are read nor when they are taken into the database (`--taken 0` leaves that out).

The mails are the real ones beside the repository (../shared/samples/mail); without them our own letters are used.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import time
from collections import Counter
from datetime import timedelta

from django.db.models import Count

from akinai.adapters.mailbox import Refusal, read_mail
from akinai.adapters.mailbox.tests import letters
from akinai.adapters.mailbox.tests.conservation import check, mutated
from bench import ground
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
    ground.say(bench="mails", **figure)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--taken", type=int, default=10_000)
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
    if arguments.taken:
        ground.start()
        _taken(kept, arguments.taken, arguments.seed)


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


def _taken(kept: list[bytes], count: int, seed: int) -> None:
    """Into the database: each a receipt with its bytes, none by a fault of ours. Letters come three minutes apart."""
    from akinai.core import clock, paper_store
    from akinai.support import services
    from akinai.support.models import MailReceipt, MessageFile
    from akinai.support.services import polling, receiving

    dice, outcomes = random.Random(seed), Counter[str]()
    came: set[str] = set()
    now, slowest, begin = clock.now(), 0.0, time.perf_counter()
    for at in range(count):
        raw = mutated(dice, dice.choice(kept), kept)
        since = time.perf_counter()
        with clock.told(now + timedelta(minutes=3 * at)):
            receipt = services.take_in(raw, "bench")
        slowest = max(slowest, time.perf_counter() - since)
        came.add(hashlib.sha256(raw).hexdigest())
        outcomes[receipt.outcome] += 1
    seconds = time.perf_counter() - begin
    digests = list(came)
    receipts = MailReceipt.objects.filter(digest__in=digests)
    say(
        figure="mutated mails, taken in", mails=count, different=len(digests), seed=seed, receipts=receipts.count(),
        faults=receipts.filter(why=polling.FAULT).count(),
        bytes_lost=sum(1 for one in digests if not paper_store.is_whole(one, receiving.RAW)),
        **outcomes, files={row["state"]: row["n"] for row in MessageFile.objects.values("state").annotate(n=Count("pk"))},
        per_second=round(count / seconds), slowest_ms=round(slowest * 1000),
    )  # fmt: skip


if __name__ == "__main__":
    main()
