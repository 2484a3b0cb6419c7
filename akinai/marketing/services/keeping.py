"""クーポンとポイントの決まりを保存する, with what changed in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity
from akinai.marketing.models import Coupon, PointSettings

if TYPE_CHECKING:
    from akinai.marketing.forms import CouponForm, PointSettingsForm
    from akinai.staff.models import Staff


@transaction.atomic
def save_coupon(form: CouponForm, *, by: Staff) -> Coupon:
    """登録・変更. The ledger alone moves `used`, so a form never writes it."""
    coupon = form.save(commit=False)
    is_new = coupon.pk is None
    if is_new:
        coupon.created_by = by
        coupon.save()
    else:
        coupon.save(update_fields=[name for name in form.Meta.fields if name != "categories"])
    form.save_m2m()
    coupon.products.set(form.cleaned_data["goods"])
    told = "、".join(str(form.fields[name].label) for name in form.changed_data)
    if is_new or told:
        activity.record(coupon, "create" if is_new else "update", by=by, summary=told or coupon.words)
    return coupon


@transaction.atomic
def switch(coupon_id: int, *, on: bool, by: Staff) -> Coupon:
    """使用を始める・止める."""
    coupon = Coupon.objects.get(pk=coupon_id)
    if Coupon.objects.filter(pk=coupon_id, is_active=not on).update(is_active=on):
        activity.record(coupon, "start_coupon" if on else "stop_coupon", by=by)
    return coupon


@transaction.atomic
def save_settings(form: PointSettingsForm, *, by: Staff) -> PointSettings:
    """ポイントの決まり. What has earned keeps its rate."""
    row = form.save(commit=False)
    row.pk = 1
    row.version += 1
    row.save()
    told = "、".join(str(form.fields[name].label) for name in form.changed_data)
    activity.record(row, "update", by=by, summary=told)
    return row
