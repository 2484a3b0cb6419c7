"""仕入の一覧: one file per paper."""
