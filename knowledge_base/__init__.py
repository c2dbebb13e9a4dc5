"""The core: catalogue, eligibility, roadmap, funding, curation. It imports no door."""
