"""レビューと質問の画面 (/office/content/reviews/)."""

from django.urls import path

from akinai.content.reviews import office
from akinai.content.reviews.lists import QuestionList, ReviewList

app_name = "review_office"
urlpatterns = [
    path("", ReviewList.as_view(), name="list"),
    path("settings/", office.settings, name="settings"),
    path("questions/", QuestionList.as_view(), name="questions"),
    path("questions/<int:pk>/", office.question, name="question"),
    path("questions/<int:pk>/hide/", office.hide_question, name="hide_question"),
    path("<int:pk>/", office.review, name="review"),
    path("<int:pk>/publish/", office.publish, name="publish"),
    path("<int:pk>/hide/", office.hide, name="hide"),
    path("<int:pk>/reply/", office.reply, name="reply"),
]
