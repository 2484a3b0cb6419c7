"""ホーム (home): the first screen: today's queue, what was forgotten, alarms, numbers."""
