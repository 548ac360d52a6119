"""The owners of entries: their accounts, what each may reach, and their rights over what is theirs."""
