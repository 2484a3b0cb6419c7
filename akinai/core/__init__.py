"""共通基盤 (core): money, tax, kana, files in, states, history, numbers and the outbox. Knows nothing of shops."""
