"""Claims out of news text: who holds, attacks, enters or leaves which place, when, and on whose word."""
