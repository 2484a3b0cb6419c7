"""アンケート: questions with branching, one answer per person, and what the answers say."""
