"""ブログの RSS."""

from __future__ import annotations

from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.utils import timezone

from akinai.content.models import BlogIndexPage, BlogPage
from akinai.content.surroundings import public


class BlogFeed(Feed):
    """The twenty newest posts. 404 where the shop has no blog."""

    def get_object(self, request: HttpRequest) -> BlogIndexPage:
        index = BlogIndexPage.objects.live().first()
        if index is None:
            raise Http404("ブログはありません。")
        return index

    def title(self, index: BlogIndexPage) -> str:
        return index.seo_title or index.title

    def link(self, index: BlogIndexPage) -> str:
        return index.get_url() or "/"

    def description(self, index: BlogIndexPage) -> str:
        return index.search_description or index.lead

    def items(self, index: BlogIndexPage) -> Any:
        return public(BlogPage.objects.child_of(index).live()).order_by("-dated_on", "-pk")[:20]

    def item_title(self, post: BlogPage) -> str:
        return post.title

    def item_description(self, post: BlogPage) -> str:
        return post.lead

    def item_link(self, post: BlogPage) -> str:
        return post.get_url() or "/"

    def item_pubdate(self, post: BlogPage) -> Any:
        return post.first_published_at or timezone.now()

    def item_author_name(self, post: BlogPage) -> str:
        return post.author
