"""What must never be found in parties (取引先の検証)."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "openings_are_guarded",
        title="個人情報の閲覧記録は書き換えられない",
        rows="SELECT count(*) FROM party_opening",
        broken="""
            SELECT t.name AS guard FROM (VALUES ('akinai_kept_a_year'), ('akinai_no_truncate')) t(name)
            WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = 'party_opening'::regclass
                              AND g.tgname = t.name AND g.tgenabled = 'A')
        """,
    )
