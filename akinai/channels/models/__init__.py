"""店舗・モールの表: channels with their codes (channels), what they are told of the stock and what they say (feeds)."""

from akinai.channels.models.channels import Channel, Listing
from akinai.channels.models.feeds import DriftAudit, DriftRow, FeedItem, StockFeed, StockFeedRow

__all__ = ["Channel", "DriftAudit", "DriftRow", "FeedItem", "Listing", "StockFeed", "StockFeedRow"]
