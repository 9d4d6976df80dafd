"""What the storyboard expects after each step: (active, total) of each kind, and what is on hold."""

PLANS, CONDITIONS, PATIENT_GOALS, GOALS, INTERVENTIONS, APPOINTMENTS = range(6)
KINDS = ("plans", "conditions", "patient_goals", "professional_goals", "interventions", "appointments")
COUNTS: dict[str, tuple[tuple[int, int], ...]] = {
    "A": ((1, 1), (3, 3), (1, 1), (4, 4), (7, 7), (2, 2)),
    "B": ((2, 2), (4, 4), (2, 2), (5, 5), (7, 8), (2, 3)),
    "C": ((2, 3), (4, 4), (2, 2), (4, 6), (5, 12), (1, 5)),
    "D": ((2, 3), (5, 5), (2, 2), (4, 6), (6, 13), (1, 5)),
    "E": ((3, 4), (6, 6), (2, 2), (5, 7), (8, 18), (1, 5)),
    "F": ((3, 5), (6, 6), (3, 3), (4, 7), (8, 22), (3, 7)),
    "G": ((3, 6), (4, 6), (3, 3), (4, 8), (5, 26), (1, 9)),
    "H": ((2, 6), (4, 6), (3, 3), (5, 9), (7, 30), (3, 11)),
}
ON_HOLD: dict[str, tuple[str, ...]] = {"E": ("I2", "I7"), "F": ("I7",), "G": ("I7",)}
