"""Screens of the order desk (受注の画面)."""
