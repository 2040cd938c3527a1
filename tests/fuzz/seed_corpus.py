#!/usr/bin/env python3
"""Writes the frames of protocol/golden-vectors.json into a directory, one file a vector, as seeds for the fuzzer."""

import json
import pathlib
import sys


def main(vectors, directory):
    target = pathlib.Path(directory)
    target.mkdir(parents=True, exist_ok=True)
    for vector in json.loads(pathlib.Path(vectors).read_text(encoding="utf-8")):
        (target / vector["name"]).write_bytes(bytes.fromhex(vector["hex"]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
