"""仕入の画面: one file per paper."""
