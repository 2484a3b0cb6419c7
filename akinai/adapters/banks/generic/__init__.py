"""汎用: 列を指定して読む入出金明細"""

from akinai.adapters.banks.generic.parser import GenericBank

__all__ = ["GenericBank"]
