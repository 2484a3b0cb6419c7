from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    name = "akinai.content"
    label = "content"
    verbose_name = "コンテンツ"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.content import office

        office.register()
        post_migrate.connect(_give_pages, sender=self, dispatch_uid="content_page_permissions")


def _give_pages(**_signal: Any) -> None:
    from akinai.content.editors import give_pages

    give_pages()
