"""One picture from many documents: gather, reconcile, differences, timeline."""
