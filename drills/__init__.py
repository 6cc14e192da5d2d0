"""Practice: grading, sessions, scheduling, progress, the command line and the Textual app."""
