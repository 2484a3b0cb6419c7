"""URL: how the last part of an address of the shop may look. Pure."""

# Small letters, so that it can never be taken for a 商品番号.
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SLUG_HELP = "小文字の英数字とハイフン（例: uji-sencha）"
