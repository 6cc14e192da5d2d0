"""The notations of the simple RNN, the course's first."""

from engine.formulas.notations.course import COURSE
from engine.formulas.notations.hidden import HIDDEN
from engine.formulas.notations.joined import COURSERA, CS231N, HATTED, SCRATCH
from engine.formulas.notations.letters import LETTERS, LINEAR_OUTPUT
from engine.formulas.notations.pytorch import PYTORCH, PYTORCH_ROWS
from engine.formulas.notations.row import ROW

NOTATIONS = {
    "rnn": (
        *(COURSE, HIDDEN, ROW, HATTED, LINEAR_OUTPUT, COURSERA, CS231N, SCRATCH),
        *LETTERS,
        PYTORCH,
        PYTORCH_ROWS,
    )
}
