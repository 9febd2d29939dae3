"""What is published: flows, words, facts and directory as one value, and the checks before it goes out. Pure."""
