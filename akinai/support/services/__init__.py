"""What can be done in サポート."""

from akinai.support.services.assigning import share
from akinai.support.services.by_hand import open_by_hand
from akinai.support.services.macros import use_macro
from akinai.support.services.messages import hear, mime_of, why_not_opened
from akinai.support.services.moving import (
    assign,
    begin,
    close,
    close_due,
    dismiss,
    merge,
    reopen,
    set_category,
    set_priority,
    set_tags,
    snooze,
    solve,
    wait,
    wake,
    wake_due,
)
from akinai.support.services.notes import Call, called_back, note, take_call
from akinai.support.services.opening import (
    NewTicket,
    choose_customer,
    link_order,
    open_ticket,
    unlink_order,
)
from akinai.support.services.polling import poll, poll_one, take_in
from akinai.support.services.receiving import receive
from akinai.support.services.replying import Newer, Reply, reply, take_back
from akinai.support.services.splitting import split
from akinai.support.services.usual import put_on_duty, take_usual
from akinai.support.services.writing import NotFilled, drop_signature, keep

__all__ = [
    "Call",
    "NewTicket",
    "Newer",
    "NotFilled",
    "Reply",
    "assign",
    "begin",
    "called_back",
    "choose_customer",
    "close",
    "close_due",
    "dismiss",
    "drop_signature",
    "hear",
    "keep",
    "link_order",
    "merge",
    "mime_of",
    "note",
    "open_by_hand",
    "open_ticket",
    "poll",
    "poll_one",
    "put_on_duty",
    "receive",
    "reopen",
    "reply",
    "set_category",
    "set_priority",
    "set_tags",
    "share",
    "snooze",
    "solve",
    "split",
    "take_back",
    "take_call",
    "take_in",
    "take_usual",
    "unlink_order",
    "use_macro",
    "wait",
    "wake",
    "wake_due",
    "why_not_opened",
]
