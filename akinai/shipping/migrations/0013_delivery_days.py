"""お届け予定: the calendar of shipping and the carriers' days."""

import datetime

import django.contrib.postgres.fields
import django.core.validators
from django.db import migrations, models

import akinai.shipping.models.delivery


class Migration(migrations.Migration):
    dependencies = [
        ("shipping", "0012_tell_malls"),
    ]

    operations = [
        migrations.CreateModel(
            name="CarrierDays",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("carrier", models.CharField(blank=True, max_length=20, verbose_name="運送会社")),
                ("prefecture", models.CharField(blank=True, max_length=10, verbose_name="都道府県")),
                ("postal_prefix", models.CharField(blank=True, max_length=7, verbose_name="郵便番号の先頭")),
                ("is_island", models.BooleanField(default=False, verbose_name="離島")),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="お届け日数",
                    ),
                ),
                ("has_slots", models.BooleanField(default=True, verbose_name="時間帯を指定できる")),
                ("is_estimate", models.BooleanField(default=False, verbose_name="目安のまま")),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="メモ")),
            ],
            options={
                "verbose_name": "お届け日数",
                "verbose_name_plural": "お届け日数",
                "indexes": [models.Index(fields=["prefecture", "id"], name="carrierdays_prefecture")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("carrier", "prefecture", "postal_prefix", "is_island"),
                        name="carrierdays_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("prefecture", ""), _negated=True),
                            models.Q(("postal_prefix", ""), _negated=True),
                            ("is_island", True),
                            _connector="OR",
                        ),
                        name="carrierdays_has_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1), ("days__lte", 30)),
                        name="carrierdays_within_a_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cutoff", models.TimeField(default=datetime.time(12, 0), verbose_name="当日出荷の締め時刻")),
                (
                    "closed_weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=akinai.shipping.models.delivery.weekend,
                        verbose_name="定休日",
                    ),
                ),
                ("closed_on_holidays", models.BooleanField(default=True, verbose_name="祝日は休む")),
                (
                    "closed_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), blank=True, default=list, verbose_name="臨時休業日"
                    ),
                ),
                (
                    "prepare_days",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(30)],
                        verbose_name="出荷準備の営業日数",
                    ),
                ),
            ],
            options={
                "verbose_name": "出荷の暦",
                "verbose_name_plural": "出荷の暦",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="delivery_calendar_is_one_row")
                ],
            },
        ),
    ]
