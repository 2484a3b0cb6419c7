"""Screens of shipping (出荷の画面): one file per place of work."""
