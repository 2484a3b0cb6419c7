"""拒否の見せ方: refusals, rings of waiting acts and impossible addresses become words, never a 500."""

from __future__ import annotations

import json

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import BadRequest
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from psycopg import errors

from akinai.core.errors import DomainError
from akinai.core.middleware import RefusalMiddleware

REFUSED = RefusalMiddleware(lambda request: HttpResponse("ok"))


def request(path: str = "/office/x/", **headers: str) -> HttpRequest:
    made = RequestFactory().post(path, headers=headers)
    made.session = {}  # type: ignore[assignment]
    made._messages = FallbackStorage(made)  # type: ignore[attr-defined]
    return made


def lost(cause: Exception) -> OperationalError:
    error = OperationalError("lost")
    error.__cause__ = cause
    return error


def words(made: HttpRequest) -> list[str]:
    return [str(message) for message in made._messages]  # type: ignore[attr-defined]


def test_a_refusal_goes_back_with_its_words() -> None:
    made = request(referer="http://testserver/office/orders/")
    answer = REFUSED.process_exception(made, DomainError("できません。", way_out="こうしてください。"))
    assert answer and (answer.status_code, answer.headers["Location"]) == (
        302,
        "http://testserver/office/orders/",
    )
    assert words(made) == ["できません。こうしてください。"]


@pytest.mark.parametrize(
    "cause", [errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable]
)
def test_acts_that_met_in_the_database_are_told_to_try_again(cause: type[Exception]) -> None:
    made = request()
    answer = REFUSED.process_exception(made, lost(cause()))
    assert answer and answer.status_code == 302
    assert words(made) == ["ほかの操作と同時になり、何も変わっていません。もう一度操作してください。"]
    parts = REFUSED.process_exception(request(**{"hx-request": "true"}), lost(cause()))
    assert parts and parts.status_code == 409
    assert "同時になり" in json.loads(parts.headers["HX-Trigger"])["toast"]["messages"][0]["message"]


@pytest.mark.parametrize("error", [lost(errors.AdminShutdown()), OperationalError("gone"), ValueError("x")])
def test_a_lost_database_or_a_mistake_of_ours_is_not_dressed_up(error: Exception) -> None:
    assert REFUSED.process_exception(request(), error) is None


def test_an_address_with_a_nul_is_nobodys_address() -> None:
    assert REFUSED(request("/office/orders/")).status_code == 200
    made = request()
    made.path_info = "/office/orders/\0/"
    with pytest.raises(Http404):
        REFUSED(made)


@pytest.mark.parametrize("error", [DataError("cannot contain NUL"), ValueError("NUL")])
def test_a_nul_in_what_was_sent_is_a_bad_request_not_a_fault_of_ours(error: Exception) -> None:
    post = RequestFactory().post("/office/x/", {"note": "あ\0"})
    get = RequestFactory().get("/office/x/?q=%00")
    for sent in (post, get):
        with pytest.raises(BadRequest):
            REFUSED.process_exception(sent, error)
    clean = RequestFactory().post("/office/x/?q=1", {"note": "あ"})
    assert REFUSED.process_exception(clean, error) is None
