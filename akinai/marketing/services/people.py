"""だれの 1 回か: one mark per person, so that a limit holds for guests and members alike and keeps no mail address."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from akinai.party import queries as party


def person_of(customer_id: int | None, mail: str) -> str:
    """customer:12, or the mark of a mail address that no customer has; "" when nothing is known."""
    if customer_id is None and mail.strip():
        customer_id = party.customer_id_by_mail(mail)
    if customer_id is not None:
        return f"customer:{customer_id}"
    return mail_mark(mail)


def mail_mark(mail: str) -> str:
    """The mark of a mail address; "" of none."""
    folded = mail.strip().lower()
    if not folded:
        return ""
    return f"mail:{salted_hmac('akinai.marketing.person', folded, algorithm='sha256').hexdigest()[:40]}"


def marks_of(*customer_ids: int | None, mail: str = "") -> list[str]:
    """Every mark by which somebody who is these customers, or has this mail address, may be known; [] for nobody."""
    known = {f"customer:{one}" for one in customer_ids if one is not None}
    return sorted((known | {person_of(None, mail), mail_mark(mail)}) - {""})
