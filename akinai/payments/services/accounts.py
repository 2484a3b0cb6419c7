"""入金口座: which account a statement is of, and how accounts are kept."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.core.tables import FileRefused, refuse
from akinai.payments.models import BankAccount
from akinai.payments.ports import AccountHint

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def account_code(hint: AccountHint, fallback: str) -> str:
    """口座コード: bank-branch-number as far as the file tells, else the format's name."""
    known = [part for part in (hint.bank_code or hint.bank_name, hint.branch_code, hint.number) if part]
    return "-".join(known)[:40] if hint.number else fallback


def account_of(hint: AccountHint, *, chosen: str, code: str, title: str, file: str) -> BankAccount:
    """The account of a statement; unsaved (pk None) when it is seen for the first time.

    A file without an account number belongs to where such files went before, else to the only account of its bank.
    Raises FileRefused where a person must say which one, or has said one that is not there.
    """
    if chosen:
        account = BankAccount.objects.filter(code=chosen).first()
        if account is None:
            raise refuse(file, f"口座「{chosen}」は登録されていません。{_choices()}", value=chosen)
        return account
    found = _same_number(hint) if hint.number else _same_bank(hint, code)
    if len(found) > 1:
        raise _which(file, found)
    if found:
        return found[0]
    return BankAccount(
        code=account_code(hint, code), bank_name=(hint.bank_name or title)[:60], bank_code=hint.bank_code[:4],
        branch_name=hint.branch_name[:60], branch_code=hint.branch_code[:3], kind=hint.kind[:10],
        account_no=hint.number[:12], holder=hint.holder[:60],
    )  # fmt: skip


def _same_number(hint: AccountHint) -> list[BankAccount]:
    """Accounts of this number, as far as bank and branch do not contradict; else the one of its bank without a number."""
    number = hint.number.lstrip("0")
    found = [
        account
        for account in BankAccount.objects.filter(account_no__endswith=number).order_by("pk")
        if account.account_no.lstrip("0") == number
        and _agree(account.bank_code, hint.bank_code)
        and _agree(account.branch_code, hint.branch_code)
        and (account.bank_code or hint.bank_code or _agree(account.bank_name, hint.bank_name))
    ]
    if found or not hint.bank_code:
        return found
    nameless = BankAccount.objects.filter(bank_code=hint.bank_code, account_no="", is_active=True)
    return [one for one in nameless.order_by("pk")[:2] if _agree(one.branch_code, hint.branch_code)]


def _same_bank(hint: AccountHint, code: str) -> list[BankAccount]:
    known = BankAccount.objects.filter(is_active=True).order_by("pk")
    if before := list(known.filter(code=code)):
        return before
    return list(known.filter(bank_code=hint.bank_code)) if hint.bank_code else []


def filled(account: BankAccount, hint: AccountHint) -> BankAccount:
    """The account, saved, with what the file tells and nobody has written down yet."""
    told = {
        "branch_name": hint.branch_name[:60], "branch_code": hint.branch_code[:3], "kind": hint.kind[:10],
        "account_no": hint.number[:12], "holder": hint.holder[:60],
    }  # fmt: skip
    if account.pk is None:
        values = {"bank_name": account.bank_name, "bank_code": account.bank_code, **told}
        return BankAccount.objects.get_or_create(code=account.code, defaults=values)[0]
    missing = {name: value for name, value in told.items() if value and not getattr(account, name)}
    if missing:
        BankAccount.objects.filter(pk=account.pk).update(**missing)
    return account


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other


def _choices() -> str:
    names = "、".join(f"{account.code}（{account}）" for account in BankAccount.objects.order_by("code"))
    known = f"登録されている口座は {names} です。" if names else ""
    return f"{known}口座は「入金・消込」の「口座」で登録できます。"


def _which(file: str, found: list[BankAccount]) -> FileRefused:
    names = "、".join(f"{account.code}（{account}）" for account in found)
    return refuse(
        file,
        f"ファイルに口座番号がなく、同じ銀行の口座が {len(found)} つあります。"
        f"画面の「口座」か --account で {names} から選んでください。",
    )


@transaction.atomic
def save_account(account: BankAccount, *, by: Staff | None) -> BankAccount:
    """口座の登録・変更. The code stays: the lines already taken in are known by it.

    Refused when the same account is there already.
    """
    is_new = account.pk is None
    if is_new:
        told = AccountHint(
            account.bank_code, account.bank_name, account.branch_code, number=account.account_no
        )
        account.code = _free_code(account_code(told, account.bank_name[:36]))
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as error:
        raise DomainError(
            f"口座「{account}」はすでに登録されています。", way_out="入金口座の一覧から開いて直してください。"
        ) from error
    activity.record(account, "create" if is_new else "change", by=by, summary=str(account))
    return account


def _free_code(wanted: str) -> str:
    """The code, or with a number behind it where another account has it. UNIQUE (code) has the last word."""
    taken = set(BankAccount.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    return next(code for n in count(1) if (code := wanted if n == 1 else f"{wanted}-{n}") not in taken)


def same_account(account: BankAccount) -> bool:
    """Is this bank, branch and number registered as another account?"""
    if not account.account_no:
        return False
    same = BankAccount.objects.filter(
        bank_name=account.bank_name, bank_code=account.bank_code, branch_code=account.branch_code,
        account_no=account.account_no,
    )  # fmt: skip
    return same.exclude(pk=account.pk).exists()
