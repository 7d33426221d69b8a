#!/usr/bin/env python3
"""Reduces botocore's model of a service to what the wire tests compare with: operations, members, constraints, enums, errors.

usage: model-digest.py SERVICE-2.JSON[.gz] BOTOCORE-VERSION > Tests/WireTests/Models/ecr-2015-09-21.json

The model is in botocore's wheel (pip download botocore==VERSION --no-deps), under botocore/data/ecr/2015-09-21/.
Documentation is left out. botocore is under Apache-2.0: see NOTICE.
"""

import gzip
import json
import sys

# What operations of the Query protocol without parameters or answer have.
NOTHING = {"shape": "Nothing"}

KEPT = ("type", "required", "min", "max", "pattern", "enum", "exception")


def shape(definition):
    """One shape, references by name."""
    kept = {key: definition[key] for key in KEPT if key in definition}
    if "members" in definition:
        kept["members"] = {name: member["shape"] for name, member in definition["members"].items()}
    for part in ("member", "key", "value"):
        if part in definition:
            kept[part] = definition[part]["shape"]
    if "error" in definition:
        kept["code"] = definition["error"]["code"]
        kept["status"] = definition["error"]["httpStatusCode"]
    return kept


def operation(definition):
    parts = {part: definition.get(part, NOTHING)["shape"] for part in ("input", "output")}
    return {"input": parts["input"], "errors": [error["shape"] for error in definition.get("errors", [])], "output": parts["output"]}


def main(path, version):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        model = json.load(file)
    digest = {
        "source": f"botocore {version}, {model['metadata']['uid']}",
        "targetPrefix": model["metadata"].get("targetPrefix", ""),
        "operations": {name: operation(definition) for name, definition in model["operations"].items()},
        "shapes": {name: shape(definition) for name, definition in model["shapes"].items()},
    }
    if any("Nothing" in operation.values() for operation in digest["operations"].values()):
        digest["shapes"]["Nothing"] = {"type": "structure", "members": {}}
    # One operation or shape a line: small, and a new model makes a readable diff.
    print("{")
    print(f' "source": {json.dumps(digest["source"])},')
    print(f' "targetPrefix": {json.dumps(digest["targetPrefix"])},')
    for section in ("operations", "shapes"):
        lines = [f"  {json.dumps(name)}: {json.dumps(digest[section][name])}" for name in sorted(digest[section])]
        print(f' "{section}": {{\n' + ",\n".join(lines) + "\n }" + ("," if section == "operations" else ""))
    print("}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
