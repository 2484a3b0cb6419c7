"""仕入の入力: one file per paper."""
