"""Several people at once, on real connections: for the tests of races."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

from akinai.core.errors import DomainError


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act in a thread with a connection of its own, all beginning at once. Answers or refusals, in order."""
    gate = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(at: int, act: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(10)
            answers[at] = act()
        except DomainError as refusal:
            answers[at] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers
