"""仕入のファイル取込: one file per kind."""
