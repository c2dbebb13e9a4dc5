"""One supervisor for the three processes: Rasa, the actions, the gateway."""
