"""What is done to information requests, each told in the history.

`making` and `sending` are the review team's side, `answering` that of those asked, `judging`
what the team does with answers; `checks` is what the first two share.
"""
