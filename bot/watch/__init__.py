"""Visit the pages that records quote, safely and politely."""
