"""請求 (billing): qualified invoices (適格請求書) and credit notes (返還請求書), immutable once issued."""
