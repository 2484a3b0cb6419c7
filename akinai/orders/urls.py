from django.urls import path

from akinai.orders.check_urls import urlpatterns as check_patterns
from akinai.orders.lists import OrderList
from akinai.orders.quote_lists import QuoteList
from akinai.orders.subscription_urls import urlpatterns as subscription_patterns
from akinai.orders.views import acts, answers, desk, edit, entry, gifts, page, quotes

app_name = "orders"
urlpatterns = [
    *check_patterns,
    *subscription_patterns,
    path("orders/", OrderList.as_view(), name="list"),
    path("orders/new/", entry.enter, name="enter"),
    path("orders/desk/", desk.desk, name="desk"),
    path("orders/towns/", entry.towns, name="towns"),
    path("orders/customers/", entry.customers, name="customers"),
    path("orders/new/quote/", entry.quote, name="quote"),
    path("orders/outlook/", entry.delivery_outlook, name="outlook"),
    path("orders/quotes/", QuoteList.as_view(), name="quotes"),
    path("orders/quotes/new/", quotes.new_quote, name="new_quote"),
    path("orders/quotes/<str:number>/", quotes.detail, name="quote_detail"),
    path("orders/quotes/<str:number>/edit/", quotes.edit_quote, name="edit_quote"),
    path("orders/quotes/<str:number>/quote.pdf", quotes.paper, name="quote_pdf"),
    path("orders/quotes/<str:number>/submit/", quotes.submit, name="submit_quote"),
    path("orders/quotes/<str:number>/accept/", quotes.accept, name="accept_quote"),
    path("orders/quotes/<str:number>/decline/", quotes.decline, name="decline_quote"),
    path("orders/quotes/<str:number>/withdraw/", quotes.withdraw, name="withdraw_quote"),
    path("orders/quotes/<str:number>/copy/", quotes.copy, name="copy_quote"),
    path("orders/gift-options/", gifts.GiftOptionList.as_view(), name="gift_options"),
    path("orders/gift-options/new/", gifts.new_option, name="new_gift_option"),
    path("orders/gift-options/<int:pk>/", gifts.option, name="gift_option"),
    path("orders/goods/", entry.goods, name="goods"),
    path("orders/holds/<int:pk>/due/", acts.set_due, name="set_due"),
    path("orders/holds/<int:pk>/release/", acts.release, name="release"),
    path("orders/issues/<int:pk>/accept/", answers.accept_issue, name="accept_issue"),
    path("orders/issues/<int:pk>/sku/", answers.assign_sku, name="assign_sku"),
    path("orders/issues/<int:pk>/new-sku/", answers.create_sku, name="create_sku"),
    path("orders/issues/<int:pk>/take-out/", answers.take_out_line, name="take_out_line"),
    path("orders/issues/<int:pk>/line/", answers.correct_line, name="correct_line"),
    path("orders/changes/<int:pk>/", answers.decide_change, name="decide_change"),
    path("orders/<str:number>/", page.detail, name="detail"),
    path("orders/<str:number>/change/", edit.change, name="change"),
    path("orders/<str:number>/delivery/", edit.delivery, name="delivery"),
    path("orders/<str:number>/payment/", edit.payment, name="payment"),
    path("orders/<str:number>/amounts/", edit.amounts, name="amounts"),
    path("orders/<str:number>/lines/<int:line_no>/", acts.edit_line, name="edit_line"),
    path("orders/<str:number>/lines/<int:line_no>/gift/", gifts.gift, name="gift"),
    path("orders/<str:number>/lines/<int:line_no>/restore/", acts.restore_line, name="restore_line"),
    path("orders/<str:number>/repeats/", acts.drop_repeats, name="drop_repeats"),
    path("orders/<str:number>/due/", acts.extend_due, name="extend_due"),
    path("orders/<str:number>/note/", acts.edit_note, name="edit_note"),
    path("orders/<str:number>/release/", acts.release_all, name="release_all"),
    path("orders/<str:number>/hold/", acts.hold, name="hold"),
    path("orders/<str:number>/settle/", acts.settle, name="settle"),
    path("orders/<str:number>/refunded/", acts.note_refunded, name="note_refunded"),
    path("orders/<str:number>/kept/<str:kept>/", acts.use_kept, name="use_kept"),
    path("orders/<str:number>/cancel/", acts.cancel, name="cancel"),
]
