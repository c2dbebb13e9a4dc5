"""The brokers' door: what is said and pressed in Slack, kept first and answered once."""
