"""コンテンツの画面 (管理画面)."""

from django.urls import path

from akinai.content.forward_lists import ForwardList
from akinai.content.lists import PageList, ReleaseList, WordList
from akinai.content.views import forwards, looking, releases, words

app_name = "content"
urlpatterns = [
    path("pages/", PageList.as_view(), name="pages"),
    path("pages/<int:pk>/look/", looking.look, name="look"),
    path("pages/<int:pk>/look/page/", looking.shown, name="shown"),
    path("releases/", ReleaseList.as_view(), name="releases"),
    path("releases/new/", releases.create, name="new_release"),
    path("releases/<str:number>/", releases.detail, name="release"),
    path("releases/<str:number>/edit/", releases.edit, name="edit_release"),
    path("releases/<str:number>/add/<slug:kind>/", releases.add_item, name="add_item"),
    path("releases/<str:number>/remove/<int:pk>/", releases.remove_item, name="remove_item"),
    path("releases/<str:number>/schedule/", releases.schedule, name="schedule_release"),
    path("releases/<str:number>/act/<slug:verb>/", releases.act, name="act_release"),
    path("forwards/", ForwardList.as_view(), name="forwards"),
    path("forwards/new/", forwards.forward, name="new_forward"),
    path("forwards/<int:pk>/", forwards.forward, name="forward"),
    path("forwards/<int:pk>/remove/", forwards.remove, name="remove_forward"),
    path("words/", WordList.as_view(), name="words"),
    path("words/new/", words.word, name="new_word"),
    path("words/products/", words.products, name="product_words"),
    path("words/check/", words.check, name="check_words"),
    path("words/<int:pk>/", words.word, name="word"),
]
