"""The networks that a recipe can name. A new one is a module and a line here."""

ARCHITECTURES = {
    "graph": "training.network.graph:Policy",
    "cells": "training.network.cells:CellNetwork",
}
"""Name -> module:class of a `training.network.base.Network`; loaded when it is asked for."""
