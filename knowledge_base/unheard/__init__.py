"""What was not understood: kept without personal data, seen together by meaning, labelled, learned from."""
