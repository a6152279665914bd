"""The sheet on paper: one tagged A3 page."""
