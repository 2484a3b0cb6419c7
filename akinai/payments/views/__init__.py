"""Screens of payments (入金の画面): the desk, the lists, the order's money, customers' credit, settings."""
