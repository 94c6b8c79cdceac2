"""Piezas: lo que la oficina quiere decir, sus versiones, medios y aprobaciones."""
