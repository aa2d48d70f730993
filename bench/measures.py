"""The rows of “Figures to hold”: each is one function that answers figures by name."""

from __future__ import annotations

from bench.asking import board, inbox
from bench.checking import checking, deploying
from bench.completing import completion, crowd, loop, statements, stored
from bench.hot import heat
from bench.sheet import sheet
from bench.waking import due, idle

MEASURES = {
    "completion": completion,
    "loop": loop,
    "crowd": crowd,
    "statements": statements,
    "stored": stored,
    "idle": idle,
    "due": due,
    "inbox": inbox,
    "board": board,
    "sheet": sheet,
    "heat": heat,
    "checking": checking,
    "deploying": deploying,
}
