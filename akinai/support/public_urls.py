"""Addresses of the public FAQ."""

from django.urls import path

from akinai.support.views import faq

app_name = "faq"

urlpatterns = [
    path("search/", faq.search, name="search"),
    path("suggest/", faq.suggest, name="suggest"),
    path("hit/", faq.hit, name="hit"),
    path("solved/", faq.solved, name="solved"),
    path("<str:number>/", faq.article, name="article"),
]
