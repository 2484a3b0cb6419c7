"""PayPay の入金明細. The columns of the transaction history are those of PayPay's own help (確認済); fee and 入金日 are 未確認."""

from akinai.adapters.settlements.paypay.parser import PROVIDER, PayPayPayouts

__all__ = ["PROVIDER", "PayPayPayouts"]
