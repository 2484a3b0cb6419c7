"""台帳の番人 of coupons and points: PostgreSQL itself counts uses and moves balances, whoever writes and by which way.

A use of a coupon is one INSERT: its trigger counts it against the limits by conditional updates, so of two who reach for
the last one a single one is let in. An entry of points moves the balance and opens a lot; a draw takes from a lot.
"""

from django.db import migrations

from akinai.core.guards import append_only

COUPON_USED = """
CREATE FUNCTION akinai_coupon_used() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER akinai_coupon_used BEFORE INSERT ON marketing_couponuse FOR EACH ROW EXECUTE FUNCTION akinai_coupon_used();
"""
POINTS_MOVED = """
CREATE FUNCTION akinai_points_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO marketing_pointbalance (customer_id, points, moved_at) VALUES (NEW.customer_id, 0, NEW.at) ON CONFLICT DO NOTHING;
  UPDATE marketing_pointbalance SET points = points + NEW.points, moved_at = NEW.at WHERE customer_id = NEW.customer_id;
  IF NEW.points > 0 THEN
    INSERT INTO marketing_pointlot (entry_id, customer_id, expires_on, left_points)
    VALUES (NEW.id, NEW.customer_id, NEW.expires_on, NEW.points);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER akinai_points_moved AFTER INSERT ON marketing_pointentry FOR EACH ROW EXECUTE FUNCTION akinai_points_moved();

CREATE FUNCTION akinai_points_drawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE marketing_pointlot l SET left_points = left_points - NEW.points FROM marketing_pointentry e
    WHERE l.entry_id = NEW.lot_id AND e.id = NEW.entry_id AND e.customer_id = l.customer_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'lot of another customer' USING ERRCODE = 'check_violation', CONSTRAINT = 'pointdraw_own_lot';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER akinai_points_drawn AFTER INSERT ON marketing_pointdraw FOR EACH ROW EXECUTE FUNCTION akinai_points_drawn();

CREATE FUNCTION akinai_points_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT coalesce(sum(d.points), 0) FROM marketing_pointdraw d WHERE d.entry_id = NEW.id) <> greatest(-NEW.points, 0) THEN
    RAISE EXCEPTION 'points go out of no lot' USING ERRCODE = 'check_violation', CONSTRAINT = 'pointentry_draws_add_up';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER akinai_points_add_up AFTER INSERT ON marketing_pointentry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION akinai_points_add_up();
"""
GONE = """
DROP TRIGGER akinai_coupon_used ON marketing_couponuse; DROP FUNCTION akinai_coupon_used();
DROP TRIGGER akinai_points_moved ON marketing_pointentry; DROP FUNCTION akinai_points_moved();
DROP TRIGGER akinai_points_add_up ON marketing_pointentry; DROP FUNCTION akinai_points_add_up();
DROP TRIGGER akinai_points_drawn ON marketing_pointdraw; DROP FUNCTION akinai_points_drawn();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("marketing", "0001_initial")]

    operations = [
        migrations.RunSQL(COUPON_USED + POINTS_MOVED, GONE),
        append_only("marketing_couponuse"),
        append_only("marketing_pointentry"),
        append_only("marketing_pointdraw"),
    ]
