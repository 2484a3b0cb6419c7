"""出荷 (shipping): shipping instructions, picking, packing slips, carrier files, tracking numbers, shipping mail."""
