"""Watch the pages that records quote: read dates and amounts, and compare. Nothing is fetched here."""
