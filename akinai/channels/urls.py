from django.urls import path

from akinai.channels.lists import AuditList, FeedItemList, FeedList
from akinai.channels.views import channels, feeds

app_name = "channels"
urlpatterns = [
    path("channels/", channels.ChannelList.as_view(), name="list"),
    path("channels/new/", channels.add, name="add"),
    path("channels/listings/", channels.ListingList.as_view(), name="listings"),
    path("channels/listings/new/", channels.add_listing, name="add_listing"),
    path("channels/feeds/", feeds.feeds, name="feeds"),
    path("channels/feeds/items/", FeedItemList.as_view(), name="feed_items"),
    path("channels/feeds/files/", FeedList.as_view(), name="feed_files"),
    path("channels/feeds/files/<str:number>/", feeds.feed, name="feed"),
    path("channels/feeds/files/<str:number>/download/", feeds.download, name="download_feed"),
    path("channels/feeds/files/<str:number>/sent/", feeds.sent, name="feed_sent"),
    path("channels/feeds/files/<str:number>/discard/", feeds.discard, name="discard_feed"),
    path("channels/feeds/audits/", AuditList.as_view(), name="audits"),
    path("channels/feeds/audits/<int:pk>/", feeds.audit, name="audit"),
    path("channels/feeds/audits/<int:pk>/repair/", feeds.repair, name="repair"),
    path("channels/feeds/<slug:code>/make/", feeds.make, name="make_feed"),
    path("channels/<slug:code>/", channels.edit, name="edit"),
]
