"""A shop's deposits with known truth, for `script/bench match`."""
