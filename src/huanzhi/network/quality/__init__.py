"""Quality control 质量控制: the checks run over the store, rates, marks of people, substitution."""
