"""部門横断 (flows): acts that cross rooms and must happen together, one file each."""
