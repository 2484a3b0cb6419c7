"""How many sets are free somewhere, told by the database. A set has no pieces of its own and lies in no other set, whoever asks the database. Whoever makes a set locks its row
against new rows that name it, so that a check and the row it looks for cannot pass each other."""

from django.db import migrations

GUARD = """
CREATE FUNCTION akinai_free_sets(whole bigint, place bigint, today date) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT coalesce(min(greatest(0, coalesce(l.on_hand - l.reserved
    - CASE WHEN s.tracks_lots THEN akinai_past_date(s.id, $2, $3) ELSE 0 END, 0)) / p.quantity), 0)::int
  FROM catalog_setpart p JOIN catalog_sku s ON s.id = p.part_sku_id
  LEFT JOIN stock_stocklevel l ON l.sku_id = p.part_sku_id AND l.location_id = $2 WHERE p.set_sku_id = $1
$$;
CREATE FUNCTION akinai_sets_have_no_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Foreign keys look at commit; whoever is just making a set is waited for now.
  PERFORM FROM catalog_sku s WHERE s.id IN (SELECT sku_id FROM fresh) FOR KEY SHARE;
  IF EXISTS (SELECT FROM fresh f JOIN catalog_sku s ON s.id = f.sku_id WHERE s.is_set) THEN
    RAISE EXCEPTION 'a set has no stock of its own' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION akinai_sets_hold_their_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM catalog_sku s
    WHERE s.id IN (SELECT sku_id FROM fresh UNION SELECT set_sku_id FROM fresh) FOR KEY SHARE;
  IF EXISTS (SELECT FROM fresh f JOIN catalog_sku s ON s.id = f.sku_id WHERE s.is_set)
    OR EXISTS (SELECT FROM fresh f JOIN catalog_sku s ON s.id = f.set_sku_id WHERE NOT s.is_set) THEN
    RAISE EXCEPTION 'a set is reserved by its parts' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER akinai_sets_have_no_stock AFTER INSERT ON stock_stockentry
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION akinai_sets_have_no_stock();
CREATE TRIGGER akinai_sets_hold_their_parts AFTER INSERT ON stock_reservation
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION akinai_sets_hold_their_parts();
CREATE FUNCTION akinai_no_set_in_a_set() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM catalog_sku s WHERE s.id = NEW.part_sku_id AND s.is_set)
    OR EXISTS (SELECT FROM catalog_setpart p WHERE p.part_sku_id = NEW.set_sku_id) THEN
    RAISE EXCEPTION 'a set cannot lie inside a set' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER akinai_no_set_in_a_set BEFORE INSERT OR UPDATE ON catalog_setpart
  FOR EACH ROW EXECUTE FUNCTION akinai_no_set_in_a_set();
CREATE FUNCTION akinai_turn_of_a_set() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.is_set AND (
      EXISTS (SELECT FROM stock_stocklevel l WHERE l.sku_id = NEW.id AND (l.on_hand <> 0 OR l.reserved <> 0))
      OR EXISTS (SELECT FROM stock_reservation r WHERE r.sku_id = NEW.id AND r.state = 'active')
      OR EXISTS (SELECT FROM catalog_setpart p WHERE p.part_sku_id = NEW.id))
    OR NOT NEW.is_set AND EXISTS (
      SELECT FROM stock_reservation r WHERE r.set_sku_id = NEW.id AND r.state = 'active') THEN
    RAISE EXCEPTION 'SKU % has stock or open reservations', NEW.code USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER akinai_turn_of_a_set BEFORE UPDATE OF is_set ON catalog_sku FOR EACH ROW
  WHEN (OLD.is_set IS DISTINCT FROM NEW.is_set) EXECUTE FUNCTION akinai_turn_of_a_set();
"""
UNGUARD = """
CREATE FUNCTION akinai_free_sets(whole bigint, place bigint, today date) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT coalesce(min(greatest(0, coalesce(l.on_hand - l.reserved
    - CASE WHEN s.tracks_lots THEN akinai_past_date(s.id, $2, $3) ELSE 0 END, 0)) / p.quantity), 0)::int
  FROM catalog_setpart p JOIN catalog_sku s ON s.id = p.part_sku_id
  LEFT JOIN stock_stocklevel l ON l.sku_id = p.part_sku_id AND l.location_id = $2 WHERE p.set_sku_id = $1
$$;
DROP FUNCTION IF EXISTS akinai_free_sets(bigint, bigint, date);
DROP TRIGGER IF EXISTS akinai_turn_of_a_set ON catalog_sku;
DROP FUNCTION IF EXISTS akinai_turn_of_a_set();
DROP TRIGGER IF EXISTS akinai_no_set_in_a_set ON catalog_setpart;
DROP FUNCTION IF EXISTS akinai_no_set_in_a_set();
DROP TRIGGER IF EXISTS akinai_sets_hold_their_parts ON stock_reservation;
DROP TRIGGER IF EXISTS akinai_sets_have_no_stock ON stock_stockentry;
DROP FUNCTION IF EXISTS akinai_sets_have_no_stock();
DROP FUNCTION IF EXISTS akinai_sets_hold_their_parts();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0015_last_day_of_shipping"), ("stock", "0017_sets")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
