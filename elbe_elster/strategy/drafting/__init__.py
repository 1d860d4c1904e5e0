"""What a draft says: fields and tables as text, as forms, and as values of the catalogue; and how versions are merged."""
