"""コンテンツ: what people read in the shop: the look of its pages (店舗の見た目), 特集, ブログ, アンケート, 動画, レビュー, and what
they bring. Pages are written in Wagtail (/cms/); goods on them are live, read from the catalogue and stock at each request.

Content: pages, blocks with live products, surveys, videos, reviews, and the measurement of their effect.
"""
