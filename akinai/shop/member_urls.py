"""会員の画面のアドレス; a part of the shop's urls."""

from django.urls import path

from akinai.shop.views import account, keeping, my_subscriptions, mypage, profile

urlpatterns = [
    path("login/", account.login, name="login"),
    path("logout/", account.logout, name="logout"),
    path("register/", account.register, name="register"),
    path("register/<str:token>/", account.register_finish, name="register_finish"),
    path("reset/", account.reset, name="reset"),
    path("reset/<str:token>/", account.reset_finish, name="reset_finish"),
    path("change-mail/<str:token>/", account.mail_confirm, name="mail_confirm"),
    path("stop-mails/<str:token>/", account.stop_mails, name="stop_mails"),
    path("favourites/<str:key>/", keeping.favourite, name="favourite"),
    path("restock/<int:sku_id>/", keeping.restock_ask, name="restock_ask"),
    path("restock/confirm/<str:token>/", keeping.restock_confirm, name="restock_confirm"),
    path("mypage/", mypage.home, name="mypage"),
    path("mypage/orders/", mypage.order_list, name="my_orders"),
    path("mypage/orders/<str:number>/", mypage.order_page, name="my_order"),
    path("mypage/orders/<str:number>/cancel/", mypage.cancel, name="my_cancel"),
    path("mypage/orders/<str:number>/reorder/", mypage.reorder, name="my_reorder"),
    path("mypage/orders/<str:number>/invoice/", mypage.invoice, name="my_invoice"),
    path("mypage/orders/<str:number>/return/<str:shipment_no>/", mypage.return_request, name="my_return"),
    path("mypage/addresses/", keeping.address_list, name="my_addresses"),
    path("mypage/addresses/new/", keeping.address_edit, name="my_address_new"),
    path("mypage/addresses/<int:pk>/", keeping.address_edit, name="my_address"),
    path("mypage/addresses/<int:pk>/usual/", keeping.address_usual, name="my_address_usual"),
    path("mypage/addresses/<int:pk>/remove/", keeping.address_remove, name="my_address_remove"),
    path("mypage/favourites/", keeping.favourite_list, name="my_favourites"),
    path("mypage/restock/", keeping.restock_list, name="my_restock"),
    path("mypage/restock/<int:pk>/stop/", keeping.restock_stop, name="my_restock_stop"),
    path("mypage/subscriptions/", my_subscriptions.subscription_list, name="my_subscriptions"),
    path("mypage/subscriptions/<str:number>/card/", my_subscriptions.card, name="my_card"),
    path("mypage/subscriptions/<str:number>/card/done/", my_subscriptions.card_done, name="my_card_done"),
    path(
        "mypage/subscriptions/<str:number>/card/remove/", my_subscriptions.card_remove, name="my_card_remove"
    ),
    path(
        "mypage/subscriptions/<str:number>/<str:act>/",
        my_subscriptions.subscription_act,
        name="my_subscription_act",
    ),
    path("mypage/profile/", profile.profile, name="my_profile"),
    path("mypage/profile/name/", profile.change_profile, name="my_profile_name"),
    path("mypage/profile/mail/", profile.change_mail, name="my_profile_mail"),
    path("mypage/profile/password/", profile.change_password, name="my_profile_password"),
    path("mypage/profile/news/", profile.news, name="my_news"),
    path("mypage/profile/devices/", profile.end_others, name="my_devices"),
    path("mypage/withdraw/", profile.withdraw, name="my_withdraw"),
    path("withdrawn/", profile.withdrawn, name="withdrawn"),
]
