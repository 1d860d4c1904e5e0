"""Letters: every mail is a row first and is claimed before it is sent."""
