"""What the yardstick runs on the sealed Python, 3.10, beside Rasa."""
