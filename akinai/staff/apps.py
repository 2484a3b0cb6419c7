from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StaffConfig(AppConfig):
    name = "akinai.staff"
    label = "staff"
    verbose_name = "担当者"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.staff.roles import fill_groups
        from akinai.ui import navigation

        # Permissions are made app by app; the last app to be migrated completes the groups.
        post_migrate.connect(fill_groups, dispatch_uid="staff.roles")
        navigation.register(
            "system", "担当者", "staff:list", permission="staff.view_staff", icon="key", order=50
        )
