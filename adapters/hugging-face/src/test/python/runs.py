"""Measures forward passes of models that have a law and read text: RUNS.json.gz, and in LAWS.json.gz whether the bound holds.

  python runs.py LAWS.json.gz RUNS.json.gz [--types a,b,...] [--seconds N]

Random configurations that the law answers for are built on torch's meta device and run at two lengths. The bound of a forward
pass of L tokens, as ParameterBound.java has it: from 2 x L x least to 2 x L x total and attention. A law whose bound holds a
measured pass of at least so many configurations, and misses none, is marked "bounded".
"""
import argparse
import json
import math
import random
import re
import sys

import harden
import laws
import sweep

CONFIGURATIONS = 3
LENGTHS = (24, 80)
LEAST_SHARE = 2
WIDEST_HEADS = 3
LOOKUPS = re.compile(
    r"(.*\.)?(.*vocab(ulary)?_size|max_.*position.*|n_positions|max_.*embeddings|type_vocab_size|num_embeddings)")
EXPERTS = re.compile(r".*(expert|moe).*", re.IGNORECASE)


def measured(law, seconds):
    """Returns cases: a configuration, its parameters, its lookups and products at each length."""
    import torch

    model = laws.Type(law["type"], seconds)
    trial = harden.Trial(model, json.loads(json.dumps(law)))
    trial.chance = random.Random("runs/" + law["type"])
    cases = []
    for _ in range(20 * CONFIGURATIONS):
        if len(cases) == CONFIGURATIONS:
            break
        point = {path: value for path, value in trial.point().items() if path not in law["idle"]}
        document = model.document(point)
        try:
            config = model.config_type.from_dict(document)
            with torch.device("meta"):
                built = sweep.made(model.kind, config)
        except Exception:
            continue
        total = sum(p.numel() for p in {id(p): p for p in built.parameters()}.values())
        if total != trial.evaluate(point):
            raise ValueError(f"the law says {trial.evaluate(point)} where {total} are built")
        forward = [[length, passed(built, config, length)] for length in LENGTHS]
        if all(flop for _, flop in forward):
            lookups = total - trial.evaluate({**point, **smallest(law)})
            stated = {**document, "architectures": [model.kind.__name__], "model_type": law["type"]}
            cases.append({"config": stated, "total": total, "lookups": lookups, "forward": forward})
    return cases


def smallest(law):
    """Returns the tables that are looked up in, as small as the law goes."""
    return {path: base % step for path, base, step, *_ in law["varied"] if LOOKUPS.fullmatch(path)}


def passed(model, config, length):
    sweep.LENGTH = length
    return sweep.forward(model, config).get("forward")


def holds(case, law):
    total, multiplied = case["total"], case["total"] - case["lookups"]
    least = max(1, multiplied // LEAST_SHARE)
    if any(EXPERTS.fullmatch(path) for path in [*(field[0] for field in law["varied"]), *law["idle"], *law["fixed"]]):
        # The share of chosen experts depends on what is stated; here the least that may be.
        least = 1
    hidden = cube_root(4 * total // 3)
    return all(
        2 * least * length <= flop <= length * (2 * total + WIDEST_HEADS * total * length // hidden // 3)
        for length, flop in case["forward"])


def cube_root(number):
    root = round(number ** (1 / 3))
    while root ** 3 > number:
        root -= 1
    return max(1, root)


def work(law, seconds, pipe):
    import os

    sys.stdout = sys.stderr = open(os.devnull, "w")
    try:
        pipe.send({"cases": measured(law, seconds)})
    except Exception as problem:
        pipe.send({"type": law["type"], "skipped": f"{type(problem).__name__}: {problem}"[:160]})


def main():
    options = argparse.ArgumentParser()
    options.add_argument("laws")
    options.add_argument("runs")
    options.add_argument("--types")
    options.add_argument("--seconds", type=int, default=20)
    options = options.parse_args()
    sweep.load()
    laws.quick()
    document = sweep.read(options.laws)
    runs = {case["type"]: case for case in sweep.read(options.runs).get("types", [])}
    for law in document["laws"]:
        name = law["type"]
        if law.get("input") != "text" or law["pair"] or (options.types and name not in options.types.split(",")):
            continue
        answer = sweep.guarded(law, 4 * options.seconds, work, options.seconds)
        cases = answer.get("cases", [])
        law["bounded"] = len(cases) == CONFIGURATIONS and all(holds(case, law) for case in cases)
        runs[name] = {"type": name, "bounded": law["bounded"], "cases": cases}
        print(name, law["bounded"], len(cases), answer.get("skipped", ""), file=sys.stderr, flush=True)
    sweep.write(options.laws, document)
    sweep.write(options.runs, {
        "about": " ".join(__doc__.split()), "versions": sweep.versions(),
        "types": [runs[name] for name in sorted(runs)],
    })


if __name__ == "__main__":
    main()
