"""The doors: web, command line, and the sealed Rasa side."""
