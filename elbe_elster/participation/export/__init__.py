"""Files for analysts: what the columns are, the rows as they come from the database, and how each format is written."""
