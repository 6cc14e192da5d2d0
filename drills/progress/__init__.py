"""Progress: the journal, its index in a database, the places of sessions, and the store."""
