"""File formats of predictions, gold pages, count tables and reports."""
