"""From a result to the law, and from the law to what carries it."""
