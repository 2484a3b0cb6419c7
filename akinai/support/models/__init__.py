"""Tables of サポート."""

from akinai.support.models.hours import ServiceRule, SupportHours
from akinai.support.models.mailbox import MailReceipt, MailSource
from akinai.support.models.messages import Message, MessageFile
from akinai.support.models.tickets import CallBack, Tag, Ticket, TicketOrder, Viewing
from akinai.support.models.writing import Macro, ReplyTemplate, Signature

__all__ = [
    "CallBack",
    "Macro",
    "MailReceipt",
    "MailSource",
    "Message",
    "MessageFile",
    "ReplyTemplate",
    "ServiceRule",
    "Signature",
    "SupportHours",
    "Tag",
    "Ticket",
    "TicketOrder",
    "Viewing",
]
