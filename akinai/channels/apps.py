from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ChannelsConfig(AppConfig):
    name = "akinai.channels"
    label = "channels"
    verbose_name = "店舗・モール"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.channels import usual
        from akinai.channels.intake import ListingsKind, MallStockKind
        from akinai.core import intake
        from akinai.ui import navigation, tones

        post_migrate.connect(usual.add_missing, sender=self)
        intake.register(ListingsKind())
        intake.register(MallStockKind())
        tones.register("channels.stockfeed.state", {"made": "info", "sent": "good", "discarded": "mute"})
        navigation.register(
            "goods", "在庫連携", "channels:feeds", permission="channels.view_feeditem", icon="swap", order=38,
            words="モール在庫 在庫数 送信 照合 差異", under="stock:list",
    )  # fmt: skip
        navigation.register(
            "info", "店舗・モール", "channels:list", permission="channels.view_channel", icon="store", order=20,
            words="チャネル 出品 楽天 Yahoo Amazon Shopify",
        )  # fmt: skip
