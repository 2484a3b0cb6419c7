"""1 人に渡したコード: the statement that marks a code as used also asks whose it is; by what marks the buyer is known is not kept."""

import django.contrib.postgres.fields
from django.db import migrations, models

NOT_OF_ANOTHER = """
CREATE OR REPLACE FUNCTION akinai_coupon_used() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE step integer := CASE WHEN NEW.reverses_id IS NULL THEN 1 ELSE -1 END;
BEGIN
  IF step < 0 AND NOT EXISTS (SELECT FROM marketing_couponuse u WHERE u.id = NEW.reverses_id AND u.reverses_id IS NULL
      AND (u.coupon_id, u.order_id, u.person, -u.yen) = (NEW.coupon_id, NEW.order_id, NEW.person, NEW.yen)
      AND u.code_id IS NOT DISTINCT FROM NEW.code_id) THEN
    RAISE EXCEPTION 'reversal differs from what it reverses' USING ERRCODE = 'check_violation', CONSTRAINT = 'couponuse_mirror';
  END IF;
  UPDATE marketing_coupon SET used = used + step
    WHERE id = NEW.coupon_id AND (step < 0 OR is_active AND (total_limit IS NULL OR used < total_limit));
  IF NOT FOUND THEN
    RAISE EXCEPTION 'coupon is used up' USING ERRCODE = 'check_violation', CONSTRAINT = 'coupon_total_limit';
  END IF;
  INSERT INTO marketing_coupontally (coupon_id, person, used) VALUES (NEW.coupon_id, NEW.person, 0)
    ON CONFLICT (coupon_id, person) DO NOTHING;
  UPDATE marketing_coupontally t SET used = t.used + step FROM marketing_coupon c
    WHERE t.coupon_id = NEW.coupon_id AND t.person = NEW.person AND c.id = t.coupon_id
      AND (step < 0 OR c.person_limit IS NULL OR t.used < c.person_limit);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'person has used the coupon' USING ERRCODE = 'check_violation', CONSTRAINT = 'coupon_person_limit';
  END IF;
  IF NEW.code_id IS NOT NULL THEN
    UPDATE marketing_couponcode SET is_used = (step > 0)
      WHERE id = NEW.code_id AND coupon_id = NEW.coupon_id AND is_used = (step < 0)
        AND (step < 0 OR customer_id IS NULL AND person = '' OR 'customer:' || customer_id = ANY (NEW.known_as)
          OR person <> '' AND person = ANY (NEW.known_as));
    IF NOT FOUND THEN
      IF EXISTS (SELECT FROM marketing_couponcode WHERE id = NEW.code_id AND coupon_id = NEW.coupon_id AND is_used = (step < 0)) THEN
        RAISE EXCEPTION 'code is of another person' USING ERRCODE = 'check_violation', CONSTRAINT = 'coupon_code_of_another';
      END IF;
      RAISE EXCEPTION 'code is used' USING ERRCODE = 'check_violation', CONSTRAINT = 'coupon_code_once';
    END IF;
  END IF;
  NEW.known_as := '{}';
  RETURN NEW;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION akinai_coupon_used() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE step integer := CASE WHEN NEW.reverses_id IS NULL THEN 1 ELSE -1 END;
BEGIN
  IF step < 0 AND NOT EXISTS (SELECT FROM marketing_couponuse u WHERE u.id = NEW.reverses_id AND u.reverses_id IS NULL
      AND (u.coupon_id, u.order_id, u.person, -u.yen) = (NEW.coupon_id, NEW.order_id, NEW.person, NEW.yen)
      AND u.code_id IS NOT DISTINCT FROM NEW.code_id) THEN
    RAISE EXCEPTION 'reversal differs from what it reverses' USING ERRCODE = 'check_violation', CONSTRAINT = 'couponuse_mirror';
  END IF;
  UPDATE marketing_coupon SET used = used + step
    WHERE id = NEW.coupon_id AND (step < 0 OR is_active AND (total_limit IS NULL OR used < total_limit));
  IF NOT FOUND THEN
    RAISE EXCEPTION 'coupon is used up' USING ERRCODE = 'check_violation', CONSTRAINT = 'coupon_total_limit';
  END IF;
  INSERT INTO marketing_coupontally (coupon_id, person, used) VALUES (NEW.coupon_id, NEW.person, 0)
    ON CONFLICT (coupon_id, person) DO NOTHING;
  UPDATE marketing_coupontally t SET used = t.used + step FROM marketing_coupon c
    WHERE t.coupon_id = NEW.coupon_id AND t.person = NEW.person AND c.id = t.coupon_id
      AND (step < 0 OR c.person_limit IS NULL OR t.used < c.person_limit);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'person has used the coupon' USING ERRCODE = 'check_violation', CONSTRAINT = 'coupon_person_limit';
  END IF;
  IF NEW.code_id IS NOT NULL THEN
    UPDATE marketing_couponcode SET is_used = (step > 0)
      WHERE id = NEW.code_id AND coupon_id = NEW.coupon_id AND is_used = (step < 0);
    IF NOT FOUND THEN
      RAISE EXCEPTION 'code is used' USING ERRCODE = 'check_violation', CONSTRAINT = 'coupon_code_once';
    END IF;
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("marketing", "0002_guard_ledgers")]

    operations = [
        migrations.AddField(
            model_name="couponcode",
            name="person",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=80, verbose_name="渡した方の印"
            ),
        ),
        migrations.AddField(
            model_name="couponuse",
            name="known_as",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80),
                blank=True,
                db_default=[],
                default=list,
                editable=False,
                verbose_name="買う方の印",
            ),
        ),
        migrations.RunSQL(NOT_OF_ANOTHER, BEFORE),
    ]
