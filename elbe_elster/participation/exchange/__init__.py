"""Questionnaires of others: LimeSurvey and XLSForm in, XLSForm out. Knows no database."""
