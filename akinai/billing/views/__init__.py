"""Screens of billing (請求の画面), one file for each kind of paper."""
