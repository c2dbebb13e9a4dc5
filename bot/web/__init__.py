"""The web door: chat, roadmaps, their pages and calendars, and the widget any site can carry."""
