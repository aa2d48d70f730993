"""The board: figures counted from instances by the expressions of `board.yaml`, and the rows behind them."""
