"""The judgement of the books (会計の判断). Pure: facts in, rows out, no database."""
