"""What may be done in the shop (店舗の操作): carts, checkout, orders of the shop, inquiries, members."""
