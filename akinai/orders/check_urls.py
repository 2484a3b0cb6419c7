"""要確認の規則の番地."""

from django.urls import path

from akinai.orders.check_lists import CheckRuleList, HitList
from akinai.orders.views import checks

urlpatterns = [
    path("orders/rules/", CheckRuleList.as_view(), name="hold_rules"),
    path("orders/rules/new/", checks.edit, name="check_new"),
    path("orders/rules/compose/", checks.compose, name="check_compose"),
    path("orders/rules/<str:code>/", checks.detail, name="check_rule"),
    path("orders/rules/<str:code>/edit/", checks.edit, name="check_edit"),
    path("orders/rules/<str:code>/test/", checks.test, name="check_test"),
    path("orders/rules/<str:code>/hits/", HitList.as_view(), name="check_hits"),
    path("orders/rules/<str:code>/live/", checks.go_live, name="check_live"),
    path("orders/rules/<str:code>/off/", checks.switch_off, name="check_off"),
    path("orders/rules/<str:code>/drop/", checks.drop_draft, name="check_drop"),
    path("orders/rules/<str:code>/apply/", checks.apply, name="check_apply"),
    path("orders/rules/<str:code>/versions/<int:number>/", checks.version, name="check_version"),
    path("orders/warnings/<int:pk>/seen/", checks.see_warning, name="see_warning"),
]
