"""仕入 (purchasing): goods receipts (仕入伝票) that post to the stock ledger, and the suppliers' side of them."""
