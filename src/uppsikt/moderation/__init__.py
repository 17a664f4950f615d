"""Ta bort inlägg och kommentarer: grounds, evidence, hide and remove, what vanished (D20, D43-D45, D68, D69)."""
