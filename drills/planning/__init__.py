"""The plan toward the exam: what to study on which evening, and what that should come to."""
