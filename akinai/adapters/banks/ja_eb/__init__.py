"""法人EB (信金・農協): 番号,明細区分,取扱日付,起算日,お支払金額,お預り金額,取引区分,残高,摘要 (日付に年がない)"""

from akinai.adapters.banks.ja_eb.parser import JaEbBank

__all__ = ["JaEbBank"]
