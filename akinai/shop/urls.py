"""店舗の画面. Public; the office's screens of this room are in office_urls."""

from django.urls import path

from akinai.shop import member_urls
from akinai.shop.views import cart, catalogue, checkout, inquiries, maps, orders, promises

app_name = "shop"
urlpatterns = [
    path("products/<str:key>/", catalogue.product, name="product"),
    path("categories/<str:key>/", catalogue.category, name="category"),
    path("search/", catalogue.search, name="search"),
    *member_urls.urlpatterns,
    path("cart/", cart.cart, name="cart"),
    path("cart/add/", cart.add, name="cart_add"),
    path("cart/restore/", cart.restore, name="cart_restore"),
    path("cart/coupon/", cart.coupon, name="cart_coupon"),
    path("cart/<int:sku_id>/change/", cart.change, name="cart_change"),
    path("cart/<int:sku_id>/remove/", cart.remove, name="cart_remove"),
    path("cart/<int:sku_id>/plan/", cart.plan, name="cart_plan"),
    path("cart/<int:sku_id>/gift/", cart.gift, name="cart_gift"),
    path("checkout/", checkout.start, name="checkout"),
    path("checkout/address/", checkout.address, name="checkout_address"),
    path("checkout/towns/", checkout.towns, name="towns"),
    path("checkout/delivery/", checkout.delivery_and_payment, name="checkout_delivery"),
    path("checkout/confirm/", checkout.confirm, name="checkout_confirm"),
    path("checkout/done/<uuid:token>/", checkout.done, name="checkout_done"),
    path("checkout/pay/<uuid:token>/", checkout.pay, name="checkout_pay"),
    path("checkout/back/<uuid:token>/", checkout.back, name="checkout_back"),
    path("orders/", orders.lookup, name="order_lookup"),
    path("orders/<str:token>/", orders.order, name="order"),
    path("orders/<str:token>/cancel/", orders.call_off, name="order_cancel"),
    path("contact/", inquiries.contact, name="contact"),
    path("contact/done/", inquiries.thanks, name="contact_done"),
    path("law/", promises.law, name="law"),
    path("privacy/", promises.privacy, name="privacy"),
    path("terms/", promises.terms, name="terms"),
    path("guide/", promises.guide, name="guide"),
    path("sitemap.xml", maps.index, name="sitemap_index"),
    path("sitemaps/<str:kind>-<int:number>.xml", maps.part, name="sitemap"),
    path("robots.txt", maps.robots, name="robots"),
]
