"""The supply chain: what is pinned, what is known to be weak, what everything is made of, and whether the tests would notice."""
