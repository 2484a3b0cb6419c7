"""補償の番人: the ledger only grows, what was asked for stands still, and a measure is closed only when the rate fell."""

from django.db import migrations

from akinai.core.guards import append_only

CAUSES = [
    ("defect", "不良品", "goods"), ("broken", "破損", "carrier"), ("wrong", "誤出荷", "warehouse"), ("short", "数量不足", "warehouse"),
    ("late", "遅配", "carrier"), ("misdelivered", "誤配", "carrier"), ("lost", "不着・紛失", "carrier"),
    ("differs", "表示と違う", "page"), ("foreign", "異物混入", "goods"), ("expired", "期限切れ・期限間近", "warehouse"),
    ("temperature", "温度（溶け・傷み）", "carrier"), ("packing", "梱包", "warehouse"), ("soldout", "在庫切れ・欠品", "desk"),
    ("service", "接客・応対", "desk"), ("noreply", "返信がない・遅い", "desk"), ("billing", "請求誤り", "money"),
    ("refund", "返金の遅れ", "money"), ("privacy", "個人情報", "desk"), ("noise", "迷惑な配信・勧誘", "desk"), ("other", "その他", "unknown"),
]  # fmt: skip

GUARD = """
CREATE FUNCTION akinai_keep_compensations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.number, NEW.complaint_id, NEW.order_id, NEW.kind, NEW.yen, NEW.details, NEW.reason, NEW.allowance_id,
      NEW.limit_yen, NEW.before_yen, NEW.asked_at, NEW.asked_by_id, NEW.key) IS DISTINCT FROM (OLD.number, OLD.complaint_id,
      OLD.order_id, OLD.kind, OLD.yen, OLD.details, OLD.reason, OLD.allowance_id, OLD.limit_yen, OLD.before_yen, OLD.asked_at,
      OLD.asked_by_id, OLD.key)
     OR (OLD.state <> 'waiting' AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id)
     OR (OLD.state IN ('refused', 'reversed') AND NEW.state <> OLD.state) THEN
    RAISE EXCEPTION 'compensation % stands still', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER akinai_keep_compensations BEFORE UPDATE OR DELETE ON support_compensation
  FOR EACH ROW EXECUTE FUNCTION akinai_keep_compensations();
ALTER TABLE support_compensation ENABLE ALWAYS TRIGGER akinai_keep_compensations;
ALTER TABLE support_preventiontask ADD CONSTRAINT prevention_rate_has_fallen CHECK (
  state <> 'closed' OR close_reason <> '' OR after_complaints::bigint * before_shipments < before_complaints::bigint * after_shipments
);
"""
LEAVE = """
ALTER TABLE support_preventiontask DROP CONSTRAINT prevention_rate_has_fallen;
DROP TRIGGER akinai_keep_compensations ON support_compensation;
DROP FUNCTION akinai_keep_compensations();
"""


def seed(apps, schema_editor):
    cause = apps.get_model("support", "ComplaintCause")
    rows = [
        cause(code=code, name=name, side=side, place=place * 10)
        for place, (code, name, side) in enumerate(CAUSES, 1)
    ]
    cause.objects.bulk_create(rows, ignore_conflicts=True)
    apps.get_model("support", "ComplaintSettings").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("support", "0006_complaints")]

    operations = [
        append_only("support_compensationentry"),
        migrations.RunSQL(GUARD, LEAVE),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
