"""What the audit looks at: one file for each side of an account, each check with its duty and its law."""
