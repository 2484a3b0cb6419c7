"""Parts of forms (入力): fields that read what people write, and the guard against sending twice."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from akinai.core.money import MAX_QUANTITY, MAX_YEN, NotANumber, parse_quantity, parse_yen
from akinai.ui.models import SpentToken

ONCE = "once"
type Answer = Callable[[], HttpResponseBase]


def new_token() -> str:
    """A token for one sending of one form."""
    return secrets.token_urlsafe(18)


def once[**P](view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Send twice, done once: token and work are committed together, so a repeated POST finds the first answer."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request = cast(HttpRequest, args[0])
        if request.method != "POST" or not request.POST.get(ONCE):
            return view(*args, **kwargs)
        with transaction.atomic():
            return spend_once(request, lambda: view(*args, **kwargs))

    return guarded


def spend_once(request: HttpRequest, act: Answer) -> HttpResponseBase:
    """Run `act` unless this form's token was spent; then lead to where the first sending led.

    Outside a transaction the token is taken before the work (acts that commit row by row) and given back when the
    work raises. A form shown again with its errors gives it back too.
    """
    token = request.POST.get(ONCE, "")[:64]
    if not token or "\0" in token:
        return act()
    if not _take(token):
        return _earlier(request, token)
    try:
        response = act()
    except BaseException:
        if not transaction.get_connection().in_atomic_block:
            SpentToken.objects.filter(token=token).delete()
        raise
    _note_answer(token, response)
    return response


def forget_spent(before: datetime) -> int:
    """Delete tokens older than `before`; returns how many."""
    return SpentToken.objects.filter(spent_at__lt=before).delete()[0]


def _take(token: str) -> bool:
    """True for the first one. ON CONFLICT waits for a transaction that has just taken the same token."""
    taken = SpentToken.objects.filter(token=token).exists()
    if taken:
        return False
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(
            "INSERT INTO ui_spenttoken (token, location, spent_at) VALUES (%s, '', now()) ON CONFLICT DO NOTHING",
            [token],
        )
        return bool(cursor.rowcount)


def _note_answer(token: str, response: HttpResponseBase) -> None:
    where = response.headers.get("Location", "")
    if where:
        SpentToken.objects.filter(token=token).update(location=where)
    elif "Content-Disposition" not in response.headers:
        SpentToken.objects.filter(token=token).delete()


def _earlier(request: HttpRequest, token: str) -> HttpResponseBase:
    """Lead to the first answer's page."""
    spent = SpentToken.objects.filter(token=token).first()
    messages.info(request, "同じ内容がすでに送信されています。二重には登録していません。")
    where = spent.location if spent else ""
    safe = where and url_has_allowed_host_and_scheme(where, {request.get_host()}, request.is_secure())
    return redirect(where if safe else request.get_full_path())


class _ReadField(forms.Field):
    """A whole number as people write it."""

    widget = forms.TextInput

    def __init__(self, *, minimum: int | None = 0, maximum: int, unit: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.minimum, self.maximum, self.unit = minimum, maximum, unit

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"inputmode": "numeric", "autocomplete": "off", "class": "amount"}

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        try:
            return self._read(str(value))
        except NotANumber as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.minimum is not None and value < self.minimum:
            raise forms.ValidationError(f"{self.minimum:,}{self.unit}以上で入力してください。")
        if value > self.maximum:
            raise forms.ValidationError(f"{self.maximum:,}{self.unit}以下で入力してください。")

    def _read(self, text: str) -> int:
        raise NotImplementedError


class YenField(_ReadField):
    """金額: whole yen; full-width digits, commas, ¥ and 円 are read. `minimum=None` allows ▲."""

    def __init__(self, *, minimum: int | None = 0, maximum: int = MAX_YEN, **kwargs: Any) -> None:
        super().__init__(minimum=minimum, maximum=maximum, unit="円", **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        # Shown with commas while nobody types in it (forms.js); what is sent is read either way.
        return super().widget_attrs(widget) | {"data-yen": ""}

    def _read(self, text: str) -> int:
        return parse_yen(text)


class QuantityField(_ReadField):
    """数量: pieces."""

    def __init__(self, *, minimum: int | None = 1, maximum: int = MAX_QUANTITY, **kwargs: Any) -> None:
        super().__init__(minimum=minimum, maximum=maximum, unit="", **kwargs)

    def _read(self, text: str) -> int:
        return parse_quantity(text, allow_negative=self.minimum is None or self.minimum < 0)


class DateField(forms.DateField):
    """日付: the browser's own date picker; also reads 2026/11/24."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"])
        super().__init__(**kwargs)


class FilesInput(forms.ClearableFileInput):
    """Many files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """ファイル（複数可）: cleans to a list of uploaded files. Draw it with `{% dropzone form.files %}`."""

    def __init__(self, *, accept: Sequence[str] = (), limit: int = 20, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilesInput(attrs={"accept": ",".join(accept)} if accept else {}))
        super().__init__(**kwargs)
        self.limit = limit

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = list(data) if isinstance(data, list | tuple) and data else [data or None]
        if len(files) > self.limit:
            raise forms.ValidationError(f"一度に選べるファイルは {self.limit} 個までです。")
        return [super(FilesField, self).clean(one, initial) for one in files if one or self.required]
