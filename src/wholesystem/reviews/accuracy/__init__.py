"""The round in which organisations check the draft of a report for factual accuracy.

Each organisation comments on sections or paragraphs, with evidence, within a number of working
days. Every comment is decided with a reason, and somebody who was not on the visit signs.
"""
