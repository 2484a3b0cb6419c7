"""満足度: what customers open by a signed link, outside the office."""

from django.urls import path

from akinai.support.views import voice_public

app_name = "support_voice"

urlpatterns = [
    path("<str:token>/", voice_public.answer, name="answer"),
    path("<str:token>/stop/", voice_public.stop, name="stop"),
]
