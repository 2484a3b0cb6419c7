"""見本の会社 (the demo company): what it sells, who buys, and how its last three weeks went. All made up."""
