"""From exact counts to what may be shown. Pure: no database, no settings. The rules: docs/decisions/0018-disclosure.md."""
