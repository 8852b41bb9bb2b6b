"""Reviews in a database: who may do what, what was done, and the pages to do it.

What a review means is said in `wholesystem.reviews`; here are its tables in the database, the
actions that change them, and the views.
"""
