"""Shelves to test a replenishment policy on: real days of sales, worlds drawn from them, and a shop's life in them."""
