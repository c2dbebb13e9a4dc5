"""Events as records: the times an offer is held, read from feeds, told to calendars."""
