"""Tune the sentence encoder on our own messages: for developers; nothing that runs needs it."""
