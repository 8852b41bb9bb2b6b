"""The flow model against closed forms, exact solutions and published cases."""
