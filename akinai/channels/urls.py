from django.urls import path

from akinai.channels import views

app_name = "channels"
urlpatterns = [
    path("channels/", views.ChannelList.as_view(), name="list"),
    path("channels/new/", views.add, name="add"),
    path("channels/listings/", views.ListingList.as_view(), name="listings"),
    path("channels/listings/new/", views.add_listing, name="add_listing"),
    path("channels/<slug:code>/", views.edit, name="edit"),
]
