from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "akinai.shop"
    label = "shop"
    verbose_name = "店舗"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.party.ports import register_follower
        from akinai.shop import member_mails, member_office, member_parts
        from akinai.shop.member_merging import MembersFollow

        member_mails.register()
        member_office.register()
        member_parts.register()
        register_follower(MembersFollow())
