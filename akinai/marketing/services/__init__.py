"""マーケティングの操作: coupons and points, one file each."""
