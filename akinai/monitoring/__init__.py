"""システム管理 (monitoring)."""
