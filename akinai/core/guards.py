"""Guards that live in the database (台帳の番人): ledgers only grow, whoever is at the keyboard.

`append_only("stock_stockentry")` is used in migrations. The trigger refuses UPDATE, DELETE and TRUNCATE for
everyone, superusers included; only dropping the trigger by hand could pass it, and `akinai verify` looks for that.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

FUNCTION = """
CREATE OR REPLACE FUNCTION akinai_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger % only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""


def append_only(table: str) -> RunSQL:
    """A migration operation: `table` takes INSERT only."""
    return RunSQL(
        FUNCTION
        + f"""
        CREATE TRIGGER akinai_append_only BEFORE UPDATE OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION akinai_refuse_change();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER akinai_append_only;
        CREATE TRIGGER akinai_no_truncate BEFORE TRUNCATE ON {table}
          FOR EACH STATEMENT EXECUTE FUNCTION akinai_refuse_change();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER akinai_no_truncate;
        """,
        f"""
        DROP TRIGGER IF EXISTS akinai_append_only ON {table};
        DROP TRIGGER IF EXISTS akinai_no_truncate ON {table};
        """,
    )


ERASING = """
CREATE OR REPLACE FUNCTION akinai_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
     AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'ledger % only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""


def erasable(table: str, *columns: str) -> RunSQL:
    """A migration operation: a ledger whose rows may change once, when these columns are blanked and `erased_at` is set."""
    told = ", ".join(f"'{name}'" for name in ("erased_at", *columns))
    return RunSQL(
        ERASING
        + f"""
        DROP TRIGGER IF EXISTS akinai_append_only ON {table};
        CREATE TRIGGER akinai_append_only BEFORE UPDATE OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION akinai_only_erased({told});
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER akinai_append_only;
        """,
        f"""
        DROP TRIGGER IF EXISTS akinai_append_only ON {table};
        CREATE TRIGGER akinai_append_only BEFORE UPDATE OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION akinai_refuse_change();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER akinai_append_only;
        """,
    )
