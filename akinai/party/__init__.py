"""取引先 (party): customers, suppliers and our own company, with their addresses.

Orders keep their own copy of an address as it was; this room knows who the people are."""
