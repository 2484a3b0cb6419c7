"""アンケートの公開ページ (/surveys/)."""

from django.urls import path

from akinai.content.surveys import public

app_name = "surveys"
urlpatterns = [
    path("<slug:slug>/", public.survey, name="survey"),
    path("<slug:slug>/again/", public.begin_again, name="again"),
    path("<slug:slug>/invited/<str:token>/", public.invited, name="invited"),
]
