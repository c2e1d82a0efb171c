"""What a dataset is like, beside what is known of real pages: its furniture, its markup, its articles; and floors."""
