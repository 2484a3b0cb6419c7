"""Paths of the outbox and the texts (/office/mail/)."""

from django.urls import path

from akinai.ui.mail import views
from akinai.ui.mail.lists import Outbox

app_name = "mail"
urlpatterns = [
    path("", Outbox.as_view(), name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/bounce/", views.bounce, name="bounce"),
    path("bounces/", views.take_bounces, name="bounces"),
    path("<int:pk>/attachments/<int:at>/", views.attachment, name="attachment"),
    path("texts/", views.texts, name="texts"),
    path("texts/<str:code>/", views.text, name="text"),
    path("texts/<str:code>/reset/", views.reset, name="reset"),
]
