"""The daily digest: what is due to be checked, by e-mail and in Slack."""
