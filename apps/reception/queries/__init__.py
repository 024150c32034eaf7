"""What the pages and the actions of the showroom ask."""
