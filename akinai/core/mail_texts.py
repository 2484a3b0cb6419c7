"""メールの文面: subject and body that staff may rewrite, with {差し込み} for what differs from mail to mail.

A room declares a text with its placeholders and a sample of each; what a shop writes instead is kept in the database.
There is no logic to learn: a line all of whose placeholders are empty is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity, clock
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.core.models import MailText
    from akinai.staff.models import Staff

_HOLE = re.compile(r"\{([^{}\n]{1,30})\}")
SUBJECT_LENGTH, BODY_LENGTH = 200, 10_000


@dataclass(frozen=True, slots=True)
class Placeholder:
    """差し込み: written {name} in the text; `sample` is shown in the preview."""

    name: str
    sample: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """文面 of one kind of mail as it is delivered with Akinai."""

    code: str
    title: str
    when: str
    subject: str
    body: str
    placeholders: tuple[Placeholder, ...]

    @property
    def samples(self) -> dict[str, str]:
        return {one.name: one.sample for one in self.placeholders}


_declared: dict[str, Declared] = {}


def register(text: Declared) -> None:
    """Declare a kind of mail (called from a room's AppConfig.ready)."""
    _declared[text.code] = text


def declared() -> list[Declared]:
    """Every kind of mail, in the order the rooms declared them."""
    return list(_declared.values())


def find(code: str) -> Declared | None:
    return _declared.get(code)


def own(code: str) -> MailText | None:
    """What the shop has written instead, if anything."""
    from akinai.core.models import MailText

    return MailText.objects.filter(code=code).first()


def owns() -> set[str]:
    """Codes of the texts that the shop has rewritten."""
    from akinai.core.models import MailText

    return set(MailText.objects.values_list("code", flat=True))


def compose(code: str, values: Mapping[str, str]) -> tuple[str, str]:
    """(件名, 本文) of one mail, by the shop's own text or the delivered one."""
    text = own(code)
    base = _declared[code]
    subject, body = (text.subject, text.body) if text else (base.subject, base.body)
    return filled(subject, body, values)


def filled(subject: str, body: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Placeholders replaced in one pass, so that a customer's own {…} stays what it is. The subject is one line."""
    head = " ".join(_fill(subject, values).split())[:SUBJECT_LENGTH]
    lines = [_fill(line, values) for line in body.splitlines() if not _is_vain(line, values)]
    return head, re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda found: values.get(found[1].strip(), found[0]), text)


def _is_vain(line: str, values: Mapping[str, str]) -> bool:
    names = [name.strip() for name in _HOLE.findall(line)]
    return bool(names) and not any(values.get(name, name).strip() for name in names)


def unknown(text: str, names: Iterable[str]) -> list[str]:
    """Placeholders in `text` that are none, each once."""
    known = set(names)
    return [name for name in dict.fromkeys(_HOLE.findall(text)) if name.strip() not in known]


@transaction.atomic
def save(code: str, *, subject: str, body: str, by: Staff | None) -> MailText:
    """文面を書き換える. Raises DomainError for an unknown placeholder, an empty text and line breaks in the subject."""
    from akinai.core.models import MailText

    base = _declared[code]
    for name in unknown(subject + body, base.samples):
        raise DomainError(
            f"「{{{name}}}」という差し込みはありません。",
            way_out=f"使えるのは {'、'.join('{' + one + '}' for one in base.samples)} です。",
        )
    if not subject.strip() or not body.strip() or len(subject.splitlines()) > 1:
        raise DomainError("件名（1 行）と本文を入力してください。")
    text, _ = MailText.objects.update_or_create(
        code=code,
        defaults={
            "subject": subject.strip(),
            "body": body.replace("\r\n", "\n"),
            "changed_at": clock.now(),
            "changed_by": by,
        },
    )
    activity.record(text, "change", by=by, summary=f"「{base.title}」の文面を変更")
    return text


@transaction.atomic
def reset(code: str, *, by: Staff | None) -> bool:
    """はじめの文面に戻す. The history keeps what was there."""
    text = own(code)
    if text is None:
        return False
    summary = f"「{_declared[code].title}」をはじめの文面に戻しました"
    activity.record(text, "reset", by=by, summary=summary, data={"subject": text.subject, "body": text.body})
    text.delete()
    return True
