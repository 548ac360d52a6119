"""What agents of the chambers (commerce, trades, agriculture) do for the merchants of theirs."""
