"""画面の部品: the office's shell, lists, forms, detail pages, icons and charts.

Knows no room of the shop. Rooms register navigation, searches and panels here, and build their screens from these
parts (see README.md in this folder).
"""
