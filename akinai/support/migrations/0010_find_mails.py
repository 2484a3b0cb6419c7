"""届いたメールを探す: folded words of subject and sender with an index, and the address that answers go to."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.db import migrations, models
from django.db.models import Func

# As core.kana.search_key folds: width, case, katakana as hiragana, no spaces.
# An index is built with nothing but PostgreSQL's own functions in reach, so the second does not call the first.
KEY = r"""translate(
    lower(regexp_replace(normalize(subject || chr(10) || sender, NFKC), '[ \t\u3000]+', '', 'g')), KATAKANA, HIRAGANA)"""
FUNCTIONS = f"""
CREATE FUNCTION akinai_mail_key(subject text, sender text) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
  SELECT {KEY}
$$;
CREATE FUNCTION akinai_mail_grams(subject text, sender text) RETURNS text[] IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
  SELECT coalesce(array_agg(DISTINCT substr(k, i, 2)), '{{}}')
  FROM (SELECT {KEY} AS k) one, generate_series(1, greatest(length(k) - 1, 1)) i
$$;
"""
_KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7))) + "ヽヾ"
_HIRAGANA = "".join(map(chr, range(0x3041, 0x3097))) + "ゝゞ"
_SQL = FUNCTIONS.replace("KATAKANA", f"'{_KATAKANA}'").replace("HIRAGANA", f"'{_HIRAGANA}'")


class Migration(migrations.Migration):
    dependencies = [("support", "0009_drop_limit_without_effect")]

    operations = [
        migrations.RunSQL(_SQL, "DROP FUNCTION akinai_mail_grams(text, text); DROP FUNCTION akinai_mail_key(text, text);"),
        migrations.AddIndex(
            "mailreceipt",
            GinIndex(
                Func(
                    "subject", "sender", function="akinai_mail_grams",
                    output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
                ),
                name="mailreceipt_search",
            ),
        ),
        migrations.AddIndex("mailreceipt", HashIndex(fields=["message_id"], name="mailreceipt_message_id")),
        migrations.AddField(
            "mailsource", "reply_to",
            models.EmailField("返信先のアドレス", blank=True, db_default="", default="", max_length=254),
        ),
    ]  # fmt: skip
