"""What an action is called in the history. One that is not here shows its name."""

from apps.audit.names import archive, care, index, judging, sales, workshop

ACTIONS = {
    **archive.ACTIONS,
    **sales.ACTIONS,
    **workshop.ACTIONS,
    **care.ACTIONS,
    **index.ACTIONS,
    **judging.ACTIONS,
}
