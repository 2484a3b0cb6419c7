"""bytes → Mail or Refusal. The front door of this folder; pure, and it raises for no bytes whatever."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from akinai.adapters.mailbox import (
    body,
    clean,
    envelope,
    heads,
    kinds,
    malls,
    notices,
    numbers,
    quoting,
    wrapping,
)
from akinai.adapters.mailbox.heads import Heads
from akinai.adapters.mailbox.mail import (
    MOST_BYTES,
    MOST_DEPTH,
    MOST_FIELDS,
    MOST_HEAD,
    MOST_PARTS,
    Address,
    Bounced,
    Code,
    Kind,
    Mail,
    Refusal,
)
from akinai.adapters.mailbox.parts import Cutter, Part, TooDeep, TooMany

MOST_DOUBTS = 50


def read_mail(raw: bytes, *, ours: Collection[str] = ()) -> Mail | Refusal:
    """Read one mail as it came. `ours`: the shop's own domains and addresses in small letters, which tell loops.

    Never raises. A Refusal says in Japanese why and what to do; the caller keeps the bytes under `digest` in either case.
    """
    digest = hashlib.sha256(raw).hexdigest()
    try:
        return _read(raw, digest, frozenset(each.lower() for each in ours)) or _no_mail(raw, digest)
    except TooDeep:
        return Refusal(digest, len(raw), Code.TOO_DEEP, f"部品の中の部品が {MOST_DEPTH} 段を超えています。攻撃のメールのおそれがあるため開きません。")  # fmt: skip
    except TooMany:
        return Refusal(digest, len(raw), Code.TOO_MANY_PARTS, f"部品が {MOST_PARTS} 個を超えています。添付を分けて送り直してもらってください。")  # fmt: skip
    except Exception as error:
        # A mail nobody thought of must not stop the mails behind it; it is kept, and a person sees it.
        return Refusal(digest, len(raw), Code.UNREADABLE, f"このメールは読めませんでした（{type(error).__name__}）。元のファイルを残しています。メールソフトで開いてください。")  # fmt: skip


def _no_mail(raw: bytes, digest: str) -> Refusal:
    size = len(raw)
    if size > MOST_BYTES:
        return Refusal(digest, size, Code.TOO_LARGE, f"メールが大きすぎます（{size / 1024 / 1024:.1f}MB。{MOST_BYTES // 1024 // 1024}MB まで）。メールソフトで開いてください。")  # fmt: skip
    if reason := wrapping.other_form(raw):
        return Refusal(digest, size, Code.OTHER_FORM, reason)
    if not raw.strip():
        return Refusal(digest, size, Code.EMPTY, "中身が空です。メールソフトから保存し直してください。")
    return Refusal(digest, size, Code.NOT_A_MAIL, "メールではありません（差出人や件名などの見出しがありません）。メールソフトから .eml で保存してください。")  # fmt: skip


def _read(raw: bytes, digest: str, ours: frozenset[str]) -> Mail | None:
    if len(raw) > MOST_BYTES or not raw.strip() or wrapping.other_form(raw):
        return None
    doubts: list[str] = []
    head, content = _opened(raw, doubts)
    if head is None:
        return None
    root = Cutter(doubts).cut(head, content)
    contents = body.collect(root, doubts)
    sender = _sender(head, doubts)
    subject = head.text("subject", doubts)
    mall = next((found for each in [sender, *envelope.addresses(head, "reply-to")] if each and (found := malls.mall_of(each.address))), "")  # fmt: skip
    message_id = envelope.message_id(head)
    thread = (envelope.in_reply_to(head), *reversed(envelope.references(head)))
    bounced, kind, why = _kind(root, head, contents.text, sender, subject, message_id, thread, mall, ours)
    folds = quoting.find(contents.text)
    return Mail(
        digest=digest,
        size=len(raw),
        message_id=message_id,
        in_reply_to=envelope.in_reply_to(head),
        references=envelope.references(head),
        sender=sender,
        reply_to=envelope.addresses(head, "reply-to", doubts),
        to=envelope.addresses(head, "to"),
        cc=envelope.addresses(head, "cc"),
        subject=numbers.without_mark(subject),
        ticket_numbers=tuple(
            dict.fromkeys([*numbers.of_thread(thread, ours), *numbers.tickets(subject, contents.text)])
        ),
        order_numbers=numbers.orders(subject, contents.text),
        sent_at=envelope.sent_at(head, doubts),
        text=contents.text,
        html=contents.html,
        quoted_from=folds.quoted_from,
        signature_from=folds.signature_from,
        attachments=tuple(contents.attachments),
        kind=kind,
        why_kind=why,
        bounced=bounced,
        mall=mall,
        doubts=tuple(dict.fromkeys(clean.line(doubt) for doubt in doubts))[:MOST_DOUBTS],
    )


def _opened(raw: bytes, doubts: list[str]) -> tuple[Heads | None, bytes]:
    """The head and the rest; (None, b"") when there is no head of a mail."""
    raw, start = wrapping.unwrapped(raw, doubts)
    head, begin = heads.read(raw, start)
    if not head.is_of_mail() or begin - start > MOST_HEAD or len(head.fields) > MOST_FIELDS:
        return None, b""
    return head, raw[begin:]


def _sender(head: Heads, doubts: list[str]) -> Address | None:
    """差出人: From, else Sender, else the return path."""
    found: Sequence[Address] = envelope.addresses(head, "from", doubts)
    if len(found) > 1:
        doubts.append(f"差出人が {len(found)} 人書かれています。はじめの人を差出人としました。")
    if not found:
        found = envelope.addresses(head, "sender") or envelope.addresses(head, "return-path")
        doubts.append(
            "差出人（From）が読めません。"
            + ("別の見出しの差出人を使いました。" if found else "差出人はわかりません。")
        )
    return found[0] if found else None


def _kind(
    root: Part,
    head: Heads,
    text: str,
    sender: Address | None,
    subject: str,
    message_id: str,
    thread: Sequence[str],
    mall: str,
    ours: frozenset[str],
) -> tuple[tuple[Bounced, ...], Kind, str]:
    from_whom = sender.address if sender else ""
    if notices.is_report(root):
        return notices.bounced(root, head, text, ours), Kind.BOUNCE, "メールサーバーの配信の知らせです。"
    if notices.is_in_words(head, from_whom, subject, text):
        return (
            notices.bounced(root, head, text, ours),
            Kind.BOUNCE,
            "差出人と文面が、メールサーバーの不達の知らせです。",
        )
    is_receipt = root.params.get("report-type", "").lower() == "disposition-notification" or any(
        part.type == "message/disposition-notification" for part in root.children
    )
    kind, why = kinds.tell(
        head, sender=sender, subject=subject, message_id=message_id, mall=mall, ours=ours, is_receipt=is_receipt,
        answers_us=any(numbers.is_ours(each, ours) for each in thread),
    )  # fmt: skip
    return (), kind, why
