"""Translators between the conversation and the core: slots, one core call, a reply by name."""
