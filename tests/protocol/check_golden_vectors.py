#!/usr/bin/env python3
"""Checks protocol/golden-vectors.json with a msgpack implementation that shares no code with fenliu's.

Each hex must decode to its json. Vectors without `reads_as`, `rejected` or `undecodable` are canonical: their json must
encode to exactly their hex, and every kind of the contract must have one.
"""

import json
import sys

import msgpack

KINDS = {*range(1, 8), *range(10, 15), *range(20, 25), *range(30, 37), *range(40, 47), 50, 51}


def readable(value):
    """JSON has no bytes: what msgpack holds as bin stands in the file as text."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [readable(item) for item in value]
    if isinstance(value, dict):
        return {key: readable(item) for key, item in value.items()}
    return value


def fault(vector):
    """What is wrong with one vector, or None."""
    frame = bytes.fromhex(vector["hex"])
    if "undecodable" in vector:
        return "has both json and undecodable" if "json" in vector else None
    if readable(msgpack.unpackb(frame, raw=False)) != vector["json"]:
        return "hex and json differ"
    if canonical(vector) and msgpack.packb(vector["json"]) != frame:
        return "hex is not the shortest encoding of json"
    return None


def canonical(vector):
    return not {"reads_as", "rejected", "undecodable"} & vector.keys()


def main(path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    faults = [f"{vector['name']}: {found}" for vector in vectors if (found := fault(vector))]
    names = [vector["name"] for vector in vectors]
    faults += [f"{name}: name stands twice" for name in {name for name in names if names.count(name) > 1}]
    missing = KINDS - {vector["kind"] for vector in vectors if canonical(vector)}
    faults += [f"kind {kind} has no canonical vector" for kind in sorted(missing)]
    faults += [
        f"{vector['name']}: reads_as names no canonical vector"
        for vector in vectors
        if "reads_as" in vector and not any(other["name"] == vector["reads_as"] and canonical(other) for other in vectors)
    ]
    for line in faults:
        print(line)
    print(f"{len(vectors)} vectors, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
