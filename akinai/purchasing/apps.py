from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    name = "akinai.purchasing"
    label = "purchasing"
    verbose_name = "仕入"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from akinai.core import intake, proofs
        from akinai.purchasing.intake import ReceiptsKind
        from akinai.ui import navigation, tones

        proofs.register(
            "posted_receipts_match_the_ledger",
            title="計上した仕入伝票は入出庫と同じ",
            rows="SELECT count(*) FROM purchasing_goodsreceipt WHERE state IN ('posted', 'reversed')",
            broken="""
                SELECT r.number, r.state, l.line_no, l.quantity, coalesce(sum(e.quantity), 0) AS ledger
                FROM purchasing_goodsreceipt r JOIN purchasing_goodsreceiptline l ON l.receipt_id = r.id
                LEFT JOIN stock_stockentry s ON s.key = r.number || '/' || l.line_no
                LEFT JOIN stock_stockentry e ON e.id = s.id OR e.reverses_id = s.id
                WHERE r.state IN ('posted', 'reversed') GROUP BY r.number, r.state, l.line_no, l.quantity
                HAVING coalesce(sum(e.quantity), 0) <> CASE r.state WHEN 'posted' THEN l.quantity ELSE 0 END
            """,
        )
        intake.register(ReceiptsKind())
        navigation.register(
            "goods", "入荷", "purchasing:list", permission="purchasing.view_goodsreceipt", icon="receive",
            order=40, key="n", words="仕入伝票 にゅうか",
        )  # fmt: skip
        tones.register(
            "purchasing.goodsreceipt.state",
            {"draft": "warn", "posted": "good", "reversed": "mute", "discarded": "mute"},
        )
