"""Addresses of よくある質問 in the office."""

from django.urls import path

from akinai.support.knowledge_lists import ArticleList
from akinai.support.views import knowledge

article_patterns = [
    path("tickets/<str:number>/answers/", knowledge.suggested, name="suggested"),
    path("tickets/<str:number>/answers/<str:article_number>/used/", knowledge.used, name="article_used"),
    path("articles/", ArticleList.as_view(), name="articles"),
    path("articles/new/", knowledge.new, name="article_new"),
    path("articles/report/", knowledge.report, name="article_report"),
    path("articles/<str:number>/", knowledge.article, name="article"),
    path("articles/<str:number>/edit/", knowledge.edit, name="article_edit"),
    path("articles/<str:number>/submit/", knowledge.submit, name="article_submit"),
    path("articles/<str:number>/send-back/", knowledge.send_back, name="article_send_back"),
    path("articles/<str:number>/publish/", knowledge.publish, name="article_publish"),
    path("articles/<str:number>/retire/", knowledge.retire, name="article_retire"),
    path("articles/<str:number>/right/", knowledge.still_right, name="article_right"),
    path("articles/<str:number>/tie/", knowledge.tie, name="article_tie"),
    path("articles/<str:number>/untie/<int:pk>/", knowledge.untie, name="article_untie"),
]
