"""レビューと商品の質問: what buyers say, what visitors ask, and what the shop answers."""
