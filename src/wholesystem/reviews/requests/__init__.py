"""Information requests, with no web in them: what is asked, how far it is answered, what is due."""
