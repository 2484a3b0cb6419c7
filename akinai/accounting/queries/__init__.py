"""What may be read of the books (会計を読む), by subject."""
