"""The books' screens (会計の画面)."""
