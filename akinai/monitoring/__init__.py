"""システム管理 (monitoring): jobs, what is left in the outboxes, and how the machine is."""
