"""Writes normals.json: what NumPy's legacy generator and its sines give in float64.

python3 tests/reference/make_normals.py   (NumPy 2.4.6 with glibc 2.36, x86-64)
"""

import json
import pathlib

import numpy as np

angles = np.linspace(-14, 14, 200)
figures = {
    "randn": np.random.RandomState(0).randn(2000).tolist(),
    "angles": angles.tolist(),
    "sine": np.sin(angles).tolist(),
    "cosine": np.cos(angles).tolist(),
}
pathlib.Path(__file__).with_name("normals.json").write_text(json.dumps(figures, indent=0) + "\n")
