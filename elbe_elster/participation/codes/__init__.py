"""Access codes on paper: their letters, lists for a mail merge and sheets of labels."""
