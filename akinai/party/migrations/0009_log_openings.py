"""個人情報の閲覧記録, with its guard: rows are never changed, and go only when they are more than a year old."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import akinai.core.clock
from akinai.core.guards import FUNCTION

GUARD = """
CREATE FUNCTION akinai_keep_a_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < now() - interval '1 year' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'ledger % only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER akinai_kept_a_year BEFORE UPDATE OR DELETE ON party_opening
  FOR EACH ROW EXECUTE FUNCTION akinai_keep_a_year();
ALTER TABLE party_opening ENABLE ALWAYS TRIGGER akinai_kept_a_year;
CREATE TRIGGER akinai_no_truncate BEFORE TRUNCATE ON party_opening
  FOR EACH STATEMENT EXECUTE FUNCTION akinai_refuse_change();
ALTER TABLE party_opening ENABLE ALWAYS TRIGGER akinai_no_truncate;
"""
RELEASE = """
DROP TRIGGER IF EXISTS akinai_kept_a_year ON party_opening;
DROP TRIGGER IF EXISTS akinai_no_truncate ON party_opening;
DROP FUNCTION IF EXISTS akinai_keep_a_year();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("party", "0008_merge_customers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="customer",
            options={
                "permissions": [
                    ("merge_customer", "顧客を名寄せできる"),
                    ("see_contact_customer", "連絡先をそのまま見られる"),
                ],
                "verbose_name": "顧客",
                "verbose_name_plural": "顧客",
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="日時")),
                (
                    "page",
                    models.CharField(
                        choices=[
                            ("customer", "顧客"),
                            ("order", "受注"),
                            ("desk", "確認の机"),
                            ("ticket", "問い合わせ"),
                            ("inquiry", "フォームの問い合わせ"),
                            ("shipment", "出荷"),
                            ("quote", "見積"),
                            ("subscription", "定期購入"),
                            ("export", "一覧の書き出し"),
                            ("disclosure", "開示のファイル"),
                        ],
                        max_length=20,
                        verbose_name="画面",
                    ),
                ),
                ("subject", models.CharField(max_length=60, verbose_name="番号")),
                ("customer_number", models.CharField(blank=True, max_length=20, verbose_name="顧客番号")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("rows", models.PositiveIntegerField(blank=True, null=True, verbose_name="件数")),
                ("slot", models.BigIntegerField(editable=False)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="開いた人",
                    ),
                ),
            ],
            options={
                "verbose_name": "個人情報の閲覧記録",
                "verbose_name_plural": "個人情報の閲覧記録",
                "permissions": [("read_openings", "個人情報の閲覧記録を見られる")],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="opening_at"),
                    models.Index(fields=["staff", "-at", "-id"], name="opening_staff"),
                    models.Index(fields=["customer_number", "-at", "-id"], name="opening_customer"),
                    models.Index(fields=["subject"], name="opening_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("rows", None)),
                        fields=("staff", "page", "subject", "slot"),
                        name="opening_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(FUNCTION + GUARD, RELEASE),
    ]
