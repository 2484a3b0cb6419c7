"""効果の画面 (管理画面)."""

from django.urls import path

from akinai.content import effect_views
from akinai.content.effect_lists import EffectList, FaultList

app_name = "effect"
urlpatterns = [
    path("content/effect/", EffectList.as_view(), name="list"),
    path("content/effect/faults/", FaultList.as_view(), name="faults"),
    path("content/effect/look/", effect_views.look, name="look"),
    path("content/effect/<int:pk>/", effect_views.page, name="page"),
]
