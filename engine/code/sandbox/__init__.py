"""What each system offers to confine a learner's process; every module says what it managed."""
