"""動画チャンネル: our own films and films that lie elsewhere, with chapters that show goods."""
