"""店舗の表. One file per concern; everybody imports the names from here."""
