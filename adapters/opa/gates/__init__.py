"""What a policy revision must pass before anybody relies on it; no part of answering a question."""
