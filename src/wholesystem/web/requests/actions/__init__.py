"""What is done to information requests, each told in the history.

`making` is the review team's side until a request is answered, `answering` that of those asked,
`judging` what the team does with answers.
"""
