"""判断 of サポート: who wrote, about which order, and what a text may not contain. Pure."""
