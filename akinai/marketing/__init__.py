"""マーケティング: what brings customers back. クーポン and ポイント of the own shop, each with a ledger that only grows.

Marketing: coupons and points. Campaigns and segments come to live here too.
"""
