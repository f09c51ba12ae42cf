"""Working on a problem step by step: sessions, what they answer, and completion for them."""
