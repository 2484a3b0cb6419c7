"""店舗: the operator's own shop: pages of goods, search, cart, checkout, members and their page (マイページ).

It sells from the rows of the office: prices of the catalogue, free pieces of stock, and an order that is placed in one
transaction with its reservation. The frame around its pages belongs to content.
"""
