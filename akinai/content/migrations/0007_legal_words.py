"""注意することば as delivered. Afterwards the list is the shop's own."""

import csv
import unicodedata
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).parent.parent / "data" / "legal_words.csv"
LAWS = {"景品表示法": "premiums", "薬機法": "medicines", "健康増進法": "health"}
HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}


def key_of(word):
    return "".join(unicodedata.normalize("NFKC", word).split()).lower().translate(HIRAGANA)


def fill(apps, schema_editor):
    words = apps.get_model("content", "LegalWord")
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    words.objects.bulk_create(
        [
            words(
                word=row["ことば"], key=key_of(row["ことば"]), law=LAWS[row["法律"]],
                level="stop" if row["扱い"] == "停止" else "warn", why=row["なぜ"], instead=row["言いかえ"],
                whole_word=row["単語としてだけ"] == "はい", except_in=row["数えない言い方"],
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("content", "0006_pages_words_releases")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
