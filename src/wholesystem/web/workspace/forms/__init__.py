"""What people fill in. A form says which fields there are; `reviews.records` says what is right."""
