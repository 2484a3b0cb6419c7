"""Screens of サポート."""
