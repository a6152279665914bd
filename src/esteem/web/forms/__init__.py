"""Forms that people send: what they hold, what is wrong with it in words, and what it changes."""
