"""Several people at once, on real connections: for the tests of races."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

from django.db import connection, connections, transaction

from akinai.core.errors import DomainError


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act in a thread with a connection of its own, all beginning at once. Answers or refusals, in order.

    It is as late in the threads as it is told here (`clock.told`).
    """
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

    threads = [threading.Thread(target=copy_context().run, args=(run, *pair)) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def overlapping(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """The race that always happens: `second` begins when `first` has acted and not committed, and `first` commits when `second`
    waits for it, or is done without having waited. Answers or refusals of both."""
    acted, ended = threading.Event(), threading.Event()

    def before() -> Any:
        with transaction.atomic():
            try:
                answer = first()
            finally:
                acted.set()
            _until(lambda: ended.is_set() or _is_waited_for())
            return answer

    def after() -> Any:
        acted.wait(10)
        try:
            return second()
        finally:
            ended.set()

    return together(before, after)


def _until(is_so: Callable[[], bool]) -> None:
    for _ in range(1000):
        if is_so():
            return
        time.sleep(0.01)


def _is_waited_for() -> bool:
    """Does somebody wait for what this transaction holds?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
