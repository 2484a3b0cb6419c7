from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "akinai.shop"
    label = "shop"
    verbose_name = "店舗"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.content.ports import keep_cart_keys, keep_visitors
        from akinai.core import mail_texts
        from akinai.flows.demo import beyond
        from akinai.party.ports import register_follower, register_holder
        from akinai.shop import (
            buyers,
            buying_office,
            demo,
            listening,
            member_demo,
            member_mails,
            member_office,
            member_parts,
            policy_ground,
            ports,
            retaining,
            segments,
            sessions,
            visitors,
        )
        from akinai.shop.disclosing import MembersTold
        from akinai.shop.mail_texts import TEXTS
        from akinai.shop.member_merging import MembersFollow
        from akinai.support.ground_ports import keep_ground

        keep_ground(policy_ground.PolicyGround())
        member_mails.register()
        member_office.register()
        member_parts.register()
        segments.register()
        register_follower(MembersFollow())
        register_holder(MembersTold())
        retaining.register()
        for text in TEXTS:
            mail_texts.register(text)
        keep_visitors(visitors.visitor)
        keep_cart_keys(visitors.cart_key)
        ports.keep_buyers(buyers.buyer)
        ports.keep_perks(buyers.MarketingPerks())
        sessions.at_login(buyers.bring_cart)
        listening.register()
        buying_office.register()
        beyond.register(demo.live)
        beyond.register(member_demo.live)
