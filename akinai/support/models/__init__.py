"""Tables of サポート."""

from akinai.support.models.complaints import (
    Compensation,
    CompensationAllowance,
    CompensationEntry,
    Complaint,
    ComplaintCause,
    ComplaintSettings,
    PreventionTask,
)
from akinai.support.models.duty import Duty
from akinai.support.models.hours import ServiceRule, SupportHours
from akinai.support.models.knowledge import Article, ArticleHit, ArticleLink, ArticlePair, ArticleVersion
from akinai.support.models.mailbox import MailReceipt, MailSource
from akinai.support.models.messages import Message, MessageFile
from akinai.support.models.tickets import CallBack, Tag, Ticket, TicketOrder, Viewing
from akinai.support.models.voice import (
    Csat,
    CsatRefusal,
    ImportedTicket,
    ReplyGrade,
    Spike,
    TicketMeasure,
    VoiceSettings,
)
from akinai.support.models.writing import Macro, ReplyTemplate, Signature

__all__ = [
    "Article",
    "ArticleHit",
    "ArticleLink",
    "ArticlePair",
    "ArticleVersion",
    "CallBack",
    "Compensation",
    "CompensationAllowance",
    "CompensationEntry",
    "Complaint",
    "ComplaintCause",
    "ComplaintSettings",
    "Csat",
    "CsatRefusal",
    "Duty",
    "ImportedTicket",
    "Macro",
    "MailReceipt",
    "MailSource",
    "Message",
    "MessageFile",
    "PreventionTask",
    "ReplyGrade",
    "ReplyTemplate",
    "ServiceRule",
    "Signature",
    "Spike",
    "SupportHours",
    "Tag",
    "Ticket",
    "TicketMeasure",
    "TicketOrder",
    "Viewing",
    "VoiceSettings",
]
