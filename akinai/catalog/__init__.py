"""商品 (catalog): products and their SKUs, codes, JAN, prices with their history, images and completeness."""
