"""消去: reviews and answers may lose who wrote them, once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE OR REPLACE FUNCTION akinai_keep_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- 消去: once, who wrote it goes; which product, how many stars and when stay.
  IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.order_id IS NULL AND NEW.customer_id IS NULL
     AND (OLD.product_id, OLD.stars, OLD.is_rewarded, OLD.created_at) IS NOT DISTINCT FROM
         (NEW.product_id, NEW.stars, NEW.is_rewarded, NEW.created_at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'レビューの内容は書き換えられません。' USING ERRCODE = 'AK001', HINT = '公開できないときは、理由を記録して非公開にしてください。';
END $$;

CREATE OR REPLACE FUNCTION akinai_keep_response() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'done' AND NOT OLD.is_test AND (TG_OP = 'DELETE' OR NEW.state <> 'done' OR NEW.is_test
     OR (OLD.survey_id, OLD.answered_at) IS DISTINCT FROM (NEW.survey_id, NEW.answered_at)
     OR (OLD.person_key <> NEW.person_key AND NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.customer_id IS NULL))) THEN
    RAISE EXCEPTION '送信された回答は変えられません。' USING ERRCODE = 'AK001', HINT = '新しいアンケートでお聞きください。';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION akinai_keep_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- 消去: the free words of somebody who is erased become empty; what was chosen stays.
  IF TG_OP = 'UPDATE' AND NEW.text = '' AND to_jsonb(NEW) - 'text' = to_jsonb(OLD) - 'text'
     AND EXISTS (SELECT FROM content_surveyresponse WHERE id = NEW.response_id AND erased_at IS NOT NULL) THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT FROM content_surveyresponse
             WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.response_id ELSE NEW.response_id END AND state = 'done' AND NOT is_test) THEN
    RAISE EXCEPTION '送信された回答は変えられません。' USING ERRCODE = 'AK001', HINT = '新しいアンケートでお聞きください。';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0021_temperature"),
        ("content", "0009_surveys_after_an_order"),
        ("orders", "0022_charges_of_each_turn"),
        ("party", "0011_erasure_and_retention"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="投稿者を消去した日時"),
        ),
        migrations.AddField(
            model_name="surveyresponse",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="回答者を消去した日時"),
        ),
        migrations.AlterField(
            model_name="review",
            name="order",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.order",
                verbose_name="受注",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("order__isnull", False), ("erased_at__isnull", False), _connector="OR"),
                name="review_of_a_buyer",
            ),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
