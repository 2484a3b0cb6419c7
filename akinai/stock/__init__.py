"""在庫 (stock): the ledger of goods. What is on hand, what is reserved for which document line, and why.

StockEntry only grows; StockLevel is its sum; Reservation holds pieces for a document line and queues the shortage."""
