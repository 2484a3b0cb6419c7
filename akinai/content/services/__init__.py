"""What may be done with content (コンテンツの操作): one file per concern."""
