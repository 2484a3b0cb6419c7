"""店舗・モール (channels): where we sell, and under which code each SKU is listed there."""
