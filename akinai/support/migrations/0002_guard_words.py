"""やり取りの番人: what was said stays said. Rows are never deleted, and change only once: when what is personal is erased."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION akinai_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
     AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'ledger % only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""
ERASABLE = {
    "support_message": (
        "erased_at", "sender", "recipient", "subject", "text", "quoted_from", "html_digest", "raw_digest", "doubts", "data",
    ),
    "support_messagefile": ("erased_at", "name", "digest", "why"),
    "support_mailreceipt": ("erased_at", "sender", "subject", "message_id", "why"),
}  # fmt: skip


def guard(table: str, columns: tuple[str, ...]) -> str:
    told = ", ".join(f"'{name}'" for name in columns)
    return f"""
    CREATE TRIGGER akinai_only_erased BEFORE UPDATE OR DELETE ON {table}
      FOR EACH ROW EXECUTE FUNCTION akinai_only_erased({told});
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER akinai_only_erased;
    CREATE TRIGGER akinai_no_truncate BEFORE TRUNCATE ON {table}
      FOR EACH STATEMENT EXECUTE FUNCTION akinai_refuse_change();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER akinai_no_truncate;
    """


def release(table: str) -> str:
    return f"""
    DROP TRIGGER IF EXISTS akinai_only_erased ON {table};
    DROP TRIGGER IF EXISTS akinai_no_truncate ON {table};
    """


class Migration(migrations.Migration):
    dependencies = [("support", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FUNCTION + "".join(guard(*one) for one in ERASABLE.items()),
            "".join(release(table) for table in ERASABLE),
        )
    ]
