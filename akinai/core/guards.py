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
