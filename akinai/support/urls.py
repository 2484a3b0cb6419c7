"""Addresses of サポート."""

from django.urls import path

from akinai.support.complaint_urls import urlpatterns as complaint_urls
from akinai.support.desk_urls import desk_patterns
from akinai.support.knowledge_urls import article_patterns
from akinai.support.lists import TicketList
from akinai.support.mail_lists import MailReceiptList, MailSourceList
from akinai.support.views import acts, desk, mailbox, reports, voice
from akinai.support.voice_lists import HistoryList, MarkList, SpikeList

app_name = "support"

urlpatterns = [
    *desk_patterns,
    *complaint_urls,
    *article_patterns,
    path("", TicketList.as_view(), name="tickets"),
    path("call/", desk.call, name="call"),
    path("caller/", desk.caller, name="caller"),
    path("new/", desk.new, name="new"),
    path("next/", desk.next_ticket, name="next"),
    path("reports/", reports.report, name="reports"),
    path("reports/file/<slug:kind>/", reports.report_file, name="report_file"),
    path("reports/marks/", MarkList.as_view(), name="marks"),
    path("reports/marks/<int:pk>/see/", voice.see_mark, name="see_mark"),
    path("reports/spikes/", SpikeList.as_view(), name="spikes"),
    path("reports/spikes/<int:pk>/", voice.spike, name="spike"),
    path("reports/grades/", voice.grades, name="grades"),
    path("reports/grades/<int:pk>/", voice.grade, name="grade"),
    path("reports/settings/", voice.settings, name="voice_settings"),
    path("history/", HistoryList.as_view(), name="history"),
    path("mails/", MailReceiptList.as_view(), name="mails"),
    path("mails/upload/", mailbox.upload, name="upload_mails"),
    path("mails/<int:pk>/", mailbox.mail, name="mail"),
    path("mails/<int:pk>/raw/", mailbox.raw, name="mail_raw"),
    path("mails/<int:pk>/open/", mailbox.open_by_hand, name="mail_open"),
    path("mailboxes/", MailSourceList.as_view(), name="mailboxes"),
    path("mailboxes/new/", mailbox.new, name="new_mailbox"),
    path("mailboxes/try/", mailbox.try_connection, name="try_mailbox"),
    path("mailboxes/fetch/", mailbox.fetch, name="fetch_mails"),
    path("mailboxes/<int:pk>/", mailbox.box, name="mailbox"),
    path("mailboxes/<int:pk>/edit/", mailbox.edit, name="edit_mailbox"),
    path("mailboxes/<int:pk>/pause/", mailbox.pause, name="pause_mailbox"),
    path("mailboxes/<int:pk>/resume/", mailbox.resume, name="resume_mailbox"),
    path("mailboxes/<int:pk>/remove/", mailbox.remove, name="remove_mailbox"),
    path("tickets/<str:number>/", desk.ticket, name="ticket"),
    path("tickets/<str:number>/reply/", acts.reply, name="reply"),
    path("tickets/<str:number>/note/", acts.note, name="note"),
    path("tickets/<str:number>/here/", acts.here, name="here"),
    path("tickets/<str:number>/take-back/<int:pk>/", acts.take_back, name="take_back"),
    path("tickets/<str:number>/again/<int:pk>/", acts.write_again, name="write_again"),
    path("tickets/<str:number>/begin/", acts.begin, name="begin"),
    path("tickets/<str:number>/wait/", acts.wait, name="wait"),
    path("tickets/<str:number>/snooze/", acts.snooze, name="snooze"),
    path("tickets/<str:number>/wake/", acts.wake, name="wake"),
    path("tickets/<str:number>/solve/", acts.solve, name="solve"),
    path("tickets/<str:number>/reopen/", acts.reopen, name="reopen"),
    path("tickets/<str:number>/close/", acts.close, name="close"),
    path("tickets/<str:number>/dismiss/", acts.dismiss, name="dismiss"),
    path("tickets/<str:number>/merge/", acts.merge, name="merge"),
    path("tickets/<str:number>/assign/", acts.assign, name="assign"),
    path("tickets/<str:number>/priority/", acts.priority, name="priority"),
    path("tickets/<str:number>/category/", acts.category, name="category"),
    path("tickets/<str:number>/tags/", acts.tags, name="tags"),
    path("tickets/<str:number>/customer/", acts.customer, name="customer"),
    path("tickets/<str:number>/orders/", acts.link_order, name="link_order"),
    path("tickets/<str:number>/orders/<int:pk>/remove/", acts.unlink_order, name="unlink_order"),
    path("tickets/<str:number>/called/<int:pk>/", acts.called_back, name="called_back"),
    path("tickets/<str:number>/files/<int:pk>/", desk.file, name="file"),
    path("tickets/<str:number>/messages/<int:pk>/raw/", desk.raw, name="raw"),
]
