"""アンケートの画面 (/office/content/surveys/)."""

from django.urls import path

from akinai.content.surveys import office
from akinai.content.surveys.lists import SurveyList

app_name = "survey_office"
urlpatterns = [
    path("", SurveyList.as_view(), name="list"),
    path("new/", office.add, name="add"),
    path("<int:pk>/", office.survey, name="survey"),
    path("<int:pk>/edit/", office.edit, name="edit"),
    path("<int:pk>/open/", office.open_, name="open"),
    path("<int:pk>/close/", office.close, name="close"),
    path("<int:pk>/copy/", office.copy, name="copy"),
    path("<int:pk>/remove/", office.remove, name="remove"),
    path("<int:pk>/results/", office.results, name="results"),
    path("<int:pk>/csv/", office.export, name="export"),
    path("<int:pk>/questions/new/", office.add_question, name="add_question"),
    path("<int:pk>/questions/<int:question>/", office.edit_question, name="question"),
    path("<int:pk>/questions/<int:question>/move/<slug:way>/", office.move, name="move"),
    path("<int:pk>/questions/<int:question>/remove/", office.remove_question, name="remove_question"),
]
