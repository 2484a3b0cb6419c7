"""入金の画面."""

from django.urls import path

from akinai.payments import lists
from akinai.payments.views import credit, desk, dunning, order, requests, settings

app_name = "payments"
urlpatterns = [
    path("bank/", lists.BankLineList.as_view(), name="list"),
    path("bank/run/", desk.run, name="run"),
    path("bank/statement/", lists.StatementList.as_view(), name="statement"),
    path("bank/payments/", lists.PaymentList.as_view(), name="payments"),
    path("bank/payments/<int:pk>/reverse/", order.reverse, name="reverse"),
    path("bank/receive/", order.receive_many, name="receive_many"),
    path("bank/credits/", lists.CreditList.as_view(), name="credits"),
    path("bank/credits/<int:customer_id>/", credit.detail, name="credit"),
    path("bank/credits/<int:customer_id>/refund/", credit.give_back, name="give_back"),
    path("bank/accounts/", lists.AccountList.as_view(), name="accounts"),
    path("bank/accounts/new/", settings.add_account, name="add_account"),
    path("bank/accounts/<int:pk>/", settings.edit_account, name="edit_account"),
    path("bank/names/", lists.NameList.as_view(), name="names"),
    path("bank/names/<int:pk>/forget/", settings.forget_name, name="forget_name"),
    path("bank/<int:pk>/", desk.detail, name="detail"),
    path("bank/<int:pk>/accept/", desk.accept, name="accept"),
    path("bank/<int:pk>/manual/", desk.manual, name="manual"),
    path("bank/<int:pk>/keep/", desk.keep, name="keep"),
    path("bank/<int:pk>/aside/", desk.set_aside, name="set_aside"),
    path("bank/<int:pk>/back/", desk.bring_back, name="bring_back"),
    path("dunning/", lists.DueList.as_view(), name="dunning"),
    path("dunning/plan/", dunning.plan, name="dunning_plan"),
    path("dunning/run/", dunning.run, name="run_dunning"),
    path("dunning/acts/", lists.DunningActList.as_view(), name="dunning_acts"),
    path("dunning/acts/<int:pk>/answer/", dunning.answer, name="answer_dunning"),
    path("dunning/acts/<int:pk>/letter/", dunning.letter, name="dunning_letter"),
    path("dunning/pauses/<int:pk>/end/", dunning.resume, name="resume_dunning"),
    path("dunning/ladders/", dunning.ladders, name="ladders"),
    path("dunning/ladders/<slug:kind>/", dunning.ladder, name="ladder"),
    path("dunning/ladders/<slug:kind>/usual/", dunning.take_usual, name="take_usual_ladder"),
    path("dunning/ladders/<slug:kind>/steps/new/", dunning.add_step, name="add_dunning_step"),
    path("dunning/steps/<int:pk>/", dunning.edit_step, name="edit_dunning_step"),
    path("dunning/steps/<int:pk>/retire/", dunning.retire_step, name="retire_dunning_step"),
    path("dunning/<int:pk>/", dunning.due, name="due"),
    path("dunning/<int:pk>/pause/", dunning.pause, name="pause_dunning"),
    path("payment-requests/", lists.RequestList.as_view(), name="requests"),
    path("payment-requests/<str:number>/", requests.detail, name="request"),
    path("payment-requests/<str:number>/<slug:verb>/", requests.move, name="move_request"),
    path("orders/<int:order_id>/payment-requests/", requests.add, name="add_request"),
    path("matches/<int:pk>/reverse/", desk.unmatch, name="unmatch"),
    path("orders/<int:order_id>/payments/", order.receive, name="receive"),
    path("orders/<int:order_id>/payments/credit/", order.use_credit, name="use_credit"),
    path("orders/<int:order_id>/payments/refund/", order.refund, name="refund"),
    path("orders/<int:order_id>/payments/keep/", order.keep, name="keep_order_money"),
]
