"""The papers that are asked for beside the account: items against the plan, property, hours, currency, shares, evidence."""
