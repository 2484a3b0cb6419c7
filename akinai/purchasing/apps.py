from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    name = "akinai.purchasing"
    label = "purchasing"
    verbose_name = "仕入"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import intake
        from akinai.purchasing import proofs
        from akinai.purchasing.intake import ReceiptsKind
        from akinai.ui import navigation, tones

        proofs.register()
        intake.register(ReceiptsKind())
        navigation.register(
            "goods", "入荷", "purchasing:list", permission="purchasing.view_goodsreceipt", icon="receive",
            order=40, key="n", words="仕入伝票 にゅうか",
        )  # fmt: skip
        tones.register(
            "purchasing.goodsreceipt.state",
            {"draft": "warn", "posted": "good", "reversed": "mute", "discarded": "mute"},
        )
