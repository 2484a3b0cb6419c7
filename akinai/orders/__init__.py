"""受注 (orders): orders from every channel in one queue, with what holds each of them and the act that frees it."""
