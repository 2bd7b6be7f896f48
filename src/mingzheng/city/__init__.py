"""Floor 2: who. Units and tiers, people and roles, the audit chain, the outbox, numbering."""
