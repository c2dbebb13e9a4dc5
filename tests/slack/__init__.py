"""The brokers' door, tried with Slack's own client against a stand-in for Slack on loopback."""
