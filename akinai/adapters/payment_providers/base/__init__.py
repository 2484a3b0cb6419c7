"""The events of Stripe's kind: how they are signed, what of them is kept, and what they mean. Pure; knows no database."""
