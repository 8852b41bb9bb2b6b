"""Case tracking in the workspace: the cases of a review, their pages, and evidence from them."""
