"""担当者 (staff): who works here, in which role, and how they log in."""
