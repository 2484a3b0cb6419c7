from django.apps import AppConfig


class AdaptersConfig(AppConfig):
    name = "akinai.adapters"
    label = "adapters"
    verbose_name = "取込口"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring the doors into use, one line each."""
        from akinai.adapters.accounting import register_products
        from akinai.adapters.banks import register_banks
        from akinai.adapters.banks.zengin.transfers import ZenginTransfers
        from akinai.adapters.carriers import register_carriers
        from akinai.adapters.channels import register_channels, register_pages, register_telling_doors
        from akinai.adapters.incoming_mail import register_mailbox
        from akinai.adapters.payment_providers import register_providers
        from akinai.adapters.settlements import register_settlements
        from akinai.purchasing.ports import fill_transfer_file

        fill_transfer_file(ZenginTransfers())
        register_banks()
        register_settlements()
        register_channels()
        register_pages()
        register_carriers()
        register_telling_doors()
        register_products()
        register_providers()
        register_mailbox()
