"""Writes numpy-files.json: files of NumPy in base 64, with what they hold.

python3 tests/reference/make_numpy_files.py && npx biome check --write tests/reference
(NumPy 1.24.2, Debian 12's python3-numpy, x86-64)

Of numbers the values are those of float64; infinity and NaN are texts. A file without values is refused, with an
error that has this text.
"""

import base64
import io
import json
import math
import pathlib
import zipfile

import numpy
from numpy.lib import format

files = {}


def base64_of(stream):
    return base64.b64encode(stream.getvalue()).decode()


def plain(value):
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, str):
        return value
    value = float(value)
    return value if math.isfinite(value) else str(value).replace("inf", "Infinity")


def described(array):
    return {"shape": list(array.shape), "values": [plain(value) for value in array.ravel(order="C").tolist()]}


def add(name, array, version=None, **expected):
    stream = io.BytesIO()
    format.write_array(stream, array, version=version)
    files[name] = {"file": base64_of(stream), **(expected or described(array))}


for order in "<>":
    for kind in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
        limits = numpy.iinfo(kind)
        ends = [max(limits.min, 1 - 2**53), 0, 1, min(limits.max, 2**53 - 1)]
        add(order + kind, numpy.array(ends, order + kind).reshape(2, 2))
    for kind in ["f2", "f4", "f8"]:
        limits = numpy.finfo(kind)
        values = [limits.max, limits.tiny, limits.tiny / 2, 1 / 3, -0.0, math.inf, -math.inf, math.nan]
        add(order + kind, numpy.array(values, order + kind).reshape(4, 2))
    add(order + "U", numpy.array([["", "ab"], ["가나다", "😀"]], order + "U3"))
add("bool", numpy.array([True, False]))
add("bytes", numpy.array([b"cat", "뱀".encode(), b""]))
add("scalar", numpy.array(0.5))
add("empty", numpy.zeros((0, 3), "f4"))
for version in [(1, 0), (2, 0), (3, 0)]:
    add(f"version {version[0]}", numpy.arange(6, dtype="u2").reshape(2, 3), version)
for shape in [(4, 1), (2, 3), (2, 3, 4), (2, 1, 3, 2)]:
    values = numpy.arange(math.prod(shape), dtype="i2").reshape(shape)
    add(f"Fortran {shape}", numpy.asfortranarray(values))
add("Fortran texts", numpy.asfortranarray(numpy.array([["a", "b", "c"], ["d", "e", "f"]])))

add("objects", numpy.array([{}, None]), refused="the type '|O'. A file of Python objects may hold code.")
add("records", numpy.zeros(2, [("x", "f4"), ("y", "i4")]), refused="Save each field of the records as an array of its own.")
add("complex", numpy.zeros(2, "c16"), refused="the type '<c16'. Save the real and the imaginary part as two arrays.")
add("times", numpy.zeros(2, "M8[s]"), refused="Turn times into numbers, with astype.")
add("durations", numpy.zeros(2, "m8[ms]"), refused="Turn times into numbers, with astype.")
add("long", numpy.zeros(2, "g"), refused="the type '<f16'. Give the array the type 'f8', with astype.")
add("void", numpy.zeros(2, "V3"), refused="the type '|V3'. Save each field of the records as an array of its own.")
add("large i8", numpy.array([1, 2**53], "i8"), refused="less than 2⁵³, but got 9007199254740992.")
add("large u8", numpy.array([2**64 - 1], "u8"), refused="less than 2⁵³, but got 18446744073709551615.")
add("small i8", numpy.array([-(2**53) - 1], ">i8"), refused="less than 2⁵³, but got -9007199254740993.")

ARRAYS = {"X": numpy.arange(6, dtype="f4").reshape(2, 3), "y 뱀": numpy.array([0, 1]), "z": numpy.zeros((9, 9))}


def add_arrays(name, save):
    stream = io.BytesIO()
    save(stream, **ARRAYS)
    arrays = {key: described(array) for key, array in ARRAYS.items()}
    files[name] = {"file": base64_of(stream), "arrays": arrays}


add_arrays("savez", numpy.savez)
add_arrays("savez_compressed", numpy.savez_compressed)
# As of a data set of scikit-learn, whose frame is None.
stream = io.BytesIO()
numpy.savez(stream, frame=None, data=numpy.zeros((2, 2)), target_names=["a", "b"], large=[2**60])
files["savez of objects"] = {"file": base64_of(stream), "refused": "the type '|O'"}
# Past these limits zipfile writes the records of 64 bits.
zipfile.ZIP64_LIMIT = 100
zipfile.ZIP_FILECOUNT_LIMIT = 1
add_arrays("savez of 64 bits", numpy.savez_compressed)

path = pathlib.Path(__file__).with_name("numpy-files.json")
path.write_text(json.dumps(files, indent=1, ensure_ascii=False) + "\n")
