from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    name = "akinai.content"
    label = "content"
    verbose_name = "コンテンツ"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.content import drawing, office, ports, redirects, voices
        from akinai.content.disclosing import VoicesTold
        from akinai.content.forward_intake import ForwardsKind
        from akinai.content.merging import VoicesFollow
        from akinai.content.reviews import register as reviews
        from akinai.content.surveys import register as surveys
        from akinai.content.videos import register as videos
        from akinai.content.word_intake import WordsKind
        from akinai.core import intake
        from akinai.party.ports import register_follower, register_holder

        office.register()
        surveys.register()
        videos.register()
        reviews.register()
        voices.register()
        register_follower(VoicesFollow())
        register_holder(VoicesTold())
        intake.register(WordsKind())
        intake.register(ForwardsKind())
        ports.keep_audience("staff", "担当者（社内）", office.staff_addresses)
        redirects.listen()
        drawing.listen()
        post_migrate.connect(_give_pages, sender=self, dispatch_uid="content_page_permissions")


def _give_pages(**_signal: Any) -> None:
    from akinai.content import approval, editors

    editors.give_pages()
    approval.set_up()
