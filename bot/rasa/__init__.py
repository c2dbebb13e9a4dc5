"""The sealed side: only what Rasa itself must load. It runs on Python 3.10."""
