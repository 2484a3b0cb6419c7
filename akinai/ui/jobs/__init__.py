"""Screens of long jobs (まとめて処理の進み)."""
