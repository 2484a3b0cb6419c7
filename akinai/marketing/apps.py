from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "akinai.marketing"
    label = "marketing"
    verbose_name = "マーケティング"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import long_jobs, mail_texts
        from akinai.marketing import jobs, listening, office, proofs, storefront
        from akinai.marketing import mail_texts as texts
        from akinai.marketing.holding import PerksHeld, PointNotes
        from akinai.marketing.merging import PerksFollow
        from akinai.party import ports as party

        listening.register()
        proofs.register()
        party.register_follower(PerksFollow())
        party.register_holder(PerksHeld())
        party.register_finder(PointNotes())
        mail_texts.register(texts.EXPIRING)
        long_jobs.register(jobs.BATCH_KIND)
        office.register()
        storefront.register()
