"""Answers brokers: what they write, press and fill in, for clients and for what was referred to them."""
