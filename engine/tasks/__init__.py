"""Small tasks on which recurrent networks are trained."""
