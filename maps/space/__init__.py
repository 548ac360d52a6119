"""The merchant's space: signing in, its entries, its rights."""
