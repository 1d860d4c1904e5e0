"""What a survey asks and what was answered, without database: the frozen document, its conditions, its answers."""
