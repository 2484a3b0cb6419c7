"""Addresses of クレーム, below /office/support/."""

from django.urls import path

from akinai.support.complaint_lists import CompensationList, ComplaintList, PreventionList
from akinai.support.views import complaints, preventions

urlpatterns = [
    path("complaints/", ComplaintList.as_view(), name="complaints"),
    path("complaints/report/", preventions.report, name="complaint_report"),
    path("complaints/report/<str:kind>.csv", preventions.report_file, name="complaint_report_file"),
    path("complaints/settings/", preventions.settings, name="complaint_settings"),
    path("complaints/causes/new/", preventions.cause, name="complaint_cause_new"),
    path("complaints/causes/<int:pk>/", preventions.cause, name="complaint_cause"),
    path("complaints/<str:number>/", complaints.complaint, name="complaint"),
    path("complaints/<str:number>/change/", complaints.change, name="complaint_change"),
    path("complaints/<str:number>/check/", complaints.check, name="complaint_check"),
    path("complaints/<str:number>/answer/", complaints.answer, name="complaint_answer"),
    path("complaints/<str:number>/settle/", complaints.settle, name="complaint_settle"),
    path("complaints/<str:number>/withdraw/", complaints.withdraw, name="complaint_withdraw"),
    path("complaints/<str:number>/reopen/", complaints.reopen, name="complaint_reopen"),
    path("complaints/<str:number>/acknowledge/", complaints.acknowledge, name="complaint_acknowledge"),
    path("complaints/<str:number>/compensate/", complaints.compensate, name="complaint_compensate"),
    path("complaints/<str:number>/compensations/<int:pk>/approve/", complaints.approve, name="compensation_approve"),
    path("complaints/<str:number>/compensations/<int:pk>/refuse/", complaints.refuse, name="compensation_refuse"),
    path(
        "complaints/<str:number>/compensations/<int:pk>/reverse/", complaints.reverse_compensation,
        name="compensation_reverse",
    ),
    path("complaints/<str:number>/apologise/", complaints.apologise, name="complaint_apologise"),
    path("complaints/<str:number>/apologised/", complaints.apologised, name="complaint_apologised"),
    path("complaints/<str:number>/prevention/", complaints.plan, name="prevention_plan"),
    path("tickets/<str:number>/complaint/", complaints.open_complaint, name="complaint_open"),
    path("compensations/", CompensationList.as_view(), name="compensations"),
    path("preventions/", PreventionList.as_view(), name="preventions"),
    path("preventions/<str:number>/", preventions.task, name="prevention"),
    path("preventions/<str:number>/change/", preventions.change, name="prevention_change"),
    path("preventions/<str:number>/in-place/", preventions.put_in_place, name="prevention_in_place"),
    path("preventions/<str:number>/close/", preventions.close, name="prevention_close"),
    path("preventions/<str:number>/excuse/", preventions.excuse, name="prevention_excuse"),
    path("preventions/<str:number>/drop/", preventions.drop, name="prevention_drop"),
    path("preventions/<str:number>/resume/", preventions.resume, name="prevention_resume"),
]  # fmt: skip
