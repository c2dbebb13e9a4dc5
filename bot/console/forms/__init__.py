"""The forms of the console: a record's document into fields, and what was posted back into a document."""
