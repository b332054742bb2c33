import json
import os
import sys

import jsonschema

schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
count = 0
for name in os.listdir(sys.argv[2]):
    if name.endswith(".jsonl"):
        for line in open(os.path.join(sys.argv[2], name)):
            validator.validate(json.loads(line))
            count += 1
for bad in ({}, {"v": 2}, {"v": 1, "run": "r", "attempt": 0, "step": -1, "source": "s", "stage": "UNKNOWN"},
            {"v": 1, "run": "r", "attempt": 0, "step": 1, "source": "s", "stage": "LUNCH"}, {"v": 1, "type": "model", "run": "r"}):
    assert not validator.is_valid(bad), bad
assert count > 5, count
