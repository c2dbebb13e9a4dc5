"""What a benchmark runs on the sealed Python, 3.10, beside Rasa: nothing of ours but bot.rasa."""
