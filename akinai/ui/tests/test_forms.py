"""入力: amounts as people write them, and what is sent twice is done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from akinai.ui.forms import FilesField, QuantityField, YenField, forget_spent, once
from akinai.ui.models import SpentToken


class Priced(forms.Form):
    price = YenField(label="価格")
    count = QuantityField(label="数量")


def test_amounts_are_read_as_people_write_them() -> None:
    form = Priced({"price": "￥１２，３４０", "count": "３"})
    assert form.is_valid()
    assert form.cleaned_data == {"price": 12_340, "count": 3}


def test_an_amount_that_is_none_is_refused_with_its_value() -> None:
    form = Priced({"price": "1.23E+4", "count": "0"})
    assert form.errors == {
        "price": ["金額「1.23E+4」を数として読めません。"],
        "count": ["1以上で入力してください。"],
    }


def test_a_field_draws_label_mark_unit_and_error_tied_to_the_input() -> None:
    form = Priced({"price": "x", "count": "1"})
    html = Template('{% load akinai %}{% field form.price unit="円" %}').render(Context({"form": form}))
    assert 'for="id_price"' in html and "必須" in html and '<span class="unit">円</span>' in html
    assert 'aria-invalid="true"' in html and 'aria-describedby="id_price_error"' in html
    assert 'id="id_price_error"' in html


def test_many_files_are_read_as_a_list() -> None:
    field = FilesField(limit=2)
    files = [SimpleUploadedFile(f"{n}.csv", b"x") for n in range(3)]
    assert [file.name for file in field.clean(files[:2])] == ["0.csv", "1.csv"]
    with pytest.raises(forms.ValidationError, match="2 個まで"):
        field.clean(files)
    with pytest.raises(forms.ValidationError):
        field.clean([])


def _post(rf: RequestFactory, token: str) -> HttpRequest:
    request = rf.post("/x/", {"once": token})
    request.session = {}  # type: ignore[assignment]
    from django.contrib.messages.storage.cookie import CookieStorage

    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


@pytest.mark.django_db
def test_a_form_sent_twice_is_done_once_and_leads_to_the_first_answer(rf: RequestFactory) -> None:
    done = []

    @once
    def create(request: HttpRequest) -> HttpResponseBase:
        done.append(1)
        return HttpResponseRedirect(f"/paper/{len(done)}/")

    answers = [create(_post(rf, "token-a")), create(_post(rf, "token-a")), create(_post(rf, "token-b"))]
    assert [answer["Location"] for answer in answers] == ["/paper/1/", "/paper/1/", "/paper/2/"]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_do_the_work_once(rf: RequestFactory) -> None:
    done: list[int] = []
    both_are_here = Barrier(2)

    @once
    def create(request: HttpRequest) -> HttpResponseBase:
        done.append(1)
        sleep(0.3)
        return HttpResponseRedirect("/paper/1/")

    def click(_: int) -> str:
        both_are_here.wait(5)
        try:
            return create(_post(rf, "token-a"))["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as two:
        assert list(two.map(click, range(2))) == ["/paper/1/", "/paper/1/"]
    assert done == [1]


@pytest.mark.django_db
def test_a_form_shown_again_with_errors_may_be_sent_again(rf: RequestFactory) -> None:
    answers: list[HttpResponseBase] = [HttpResponse("誤り", status=422), HttpResponseRedirect("/paper/")]

    @once
    def create(request: HttpRequest) -> HttpResponseBase:
        return answers.pop(0)

    assert [create(_post(rf, "t")).status_code, create(_post(rf, "t")).status_code] == [422, 302]


@pytest.mark.django_db
def test_work_that_failed_may_be_sent_again(rf: RequestFactory) -> None:
    @once
    def create(request: HttpRequest) -> HttpResponseBase:
        raise RuntimeError

    for _ in range(2):
        with pytest.raises(RuntimeError):
            create(_post(rf, "t"))
    assert SpentToken.objects.count() == 0


@pytest.mark.django_db
def test_old_tokens_are_forgotten() -> None:
    SpentToken.objects.create(token="old", spent_at=timezone.now() - timezone.timedelta(days=9))
    SpentToken.objects.create(token="new")
    assert forget_spent(timezone.now() - timezone.timedelta(days=7)) == 1
    assert list(SpentToken.objects.values_list("token", flat=True)) == ["new"]
