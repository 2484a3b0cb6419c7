"""入金 (payments): bank lines, payments and the ties between them (消込), posted only when certain."""
