"""Where records, roadmaps and conversations are kept: SQLite by default, PostgreSQL when set."""
