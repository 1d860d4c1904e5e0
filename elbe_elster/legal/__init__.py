"""What the law asks of the site: imprint, privacy, accessibility, barrier reports."""
