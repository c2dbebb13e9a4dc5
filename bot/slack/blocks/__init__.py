"""What Slack is shown: pure functions from the core's answers to Block Kit and plain words."""
