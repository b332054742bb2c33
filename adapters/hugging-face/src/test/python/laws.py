"""Writes laws.json.gz: for each model type, how the number of its parameters follows from the fields of its configuration.

  python laws.py OUTPUT.json.gz [--types a,b,...] [--seconds N]

Every number and switch of the default configuration is varied and the model built again on torch's meta device. The number of
parameters is then a polynomial of the fields that change it, written in Newton's form around a base point: the sum over terms
of  coefficient x product of binomial(t, degree)  with  t = (value - base) / step.  Its coefficients are mixed differences of
measured numbers, so nothing is fitted. The polynomial must give the default configuration and random others to the unit; a
field with which it does not is fixed at its default. A description is answered only if all it states is a varied field at a
whole step, a field that changes nothing, or a fixed field at its default.
"""
import argparse
import gzip
import itertools
import json
import math
import random
import re
import sys
import time

import sweep

# Numbers that name tokens, seeds and training, never a shape.
SILENT = re.compile(
    r".*(token_id|token_index|token_ids|_std|_range|dropout|_prob|_eps|layerdrop|drop_path|loss|seed|_theta|_coef"
    r"|initializer).*|use_cache|output_.*|return_dict|chunk_size_feed_forward|is_decoder|transformers_version|dtype")
LAYERS = re.compile(r"(.*_)?(layers|layer|depth|n_layer|blocks)(_\d+)?")
UNTOLD = ("architectures", "id2label", "label2id", "problem_type", "_name_or_path")
ACTIVATIONS = ("gelu", "relu", "silu")
WIDTHS = re.compile(r".*(hidden_size|hidden_dim|d_model|embed_dim|width)|n_embd|dim")
MOST_DEGREE = 4
CHECKS = 8


class Failed(Exception):
    """The laws of a type could not be measured."""


class Type:
    """Builds one model type with fields changed and counts its parameters."""

    def __init__(self, name, deadline):
        import transformers

        self.name, self.deadline = name, deadline
        config = transformers.AutoConfig.for_model(name)
        self.kind = None
        for kind in sweep.classes_of(config):
            self.kind = kind
            self.config_type = type(config)
            self.plain = config.to_dict()
            if self.count({}) is not None:
                break
        else:
            raise Failed("cannot be built")
        self.labelled = self.kind.__name__.endswith("Classification")

    def count(self, changes):
        import torch

        if time.process_time() > self.deadline:
            raise Failed("over time")
        document = json.loads(json.dumps(self.plain))
        labels = None
        for path, value in changes.items():
            if path == "@labels":
                labels = value
            else:
                put(document, path, value)
        for path in list(each_list(document)):
            stretch(document, path)
        if labels is not None:
            document.pop("id2label", None)
            document.pop("label2id", None)
            document["num_labels"] = labels
        try:
            config = self.config_type.from_dict(document)
            with torch.device("meta"):
                model = sweep.made(self.kind, config)
        except Failed:
            raise
        except Exception:
            return None
        return sum(p.numel() for p in {id(p): p for p in model.parameters()}.values())


def put(document, path, value):
    *outer, last = path.split(".")
    for name in outer:
        document = document[int(name) if isinstance(document, list) else name]
    document[int(last) if isinstance(document, list) else last] = value


def each_list(document, prefix=""):
    """Yields lists with one kind of layer for each layer."""
    for name, value in document.items():
        if isinstance(value, dict):
            yield from each_list(value, prefix + name + ".")
        elif isinstance(value, list) and value and name.endswith("layer_types"):
            yield prefix + name


def stretch(document, path):
    """Repeats a list of kinds of layers for as many layers as there are."""
    *outer, last = path.split(".")
    for name in outer:
        document = document[name]
    layers = document.get("num_hidden_layers")
    if isinstance(layers, int) and layers > 0:
        kinds = document[last]
        document[last] = [kinds[i % len(kinds)] for i in range(layers)]


def flat(document, prefix=""):
    for name, value in document.items():
        path = prefix + str(name)
        if isinstance(value, dict) and name not in ("id2label", "label2id"):
            yield from flat(value, path + ".")
        elif isinstance(value, list) and 0 < len(value) <= 8 and all(type(v) is int for v in value):
            yield from ((f"{path}.{i}", v) for i, v in enumerate(value))
        else:
            yield path, value


class Law:
    """Measures one type's law around a base point."""

    def __init__(self, model, reduced):
        self.model = model
        self.fields = dict(flat(model.plain))
        if model.labelled:
            self.fields["@labels"] = 2
        self.base, self.known, self.frozen = {}, {}, set()
        if reduced:
            self.reduce()
        self.idle, self.steps, self.fixed = [], {}, {}
        self.units = {path: self.unit(path) for path in self.fields if self.unit(path)}

    def reduce(self):
        """Takes fewer layers where that can be built."""
        for path, value in self.fields.items():
            if type(value) is int and value > 3 and LAYERS.fullmatch(path.split(".")[-1]):
                if self.model.count({**self.base, path: 2}) is not None:
                    self.base[path] = 2

    def value(self, path):
        return self.base.get(path, self.fields[path])

    def f(self, point):
        """Returns the number of parameters at a point of whole steps, or nothing where it cannot be built."""
        key = tuple(sorted((p, t) for p, t in point.items() if t))
        if key not in self.known:
            self.known[key] = self.model.count(self.changes(dict(key)))
        return self.known[key]

    def changes(self, point):
        changes = dict(self.base)
        for path, t in point.items():
            changes[path] = self.moved(path, t)
        for path, unit in self.units.items():
            patch = changes.get(unit, self.value(unit))
            changes[path] = (self.value(path) // self.value(unit) + point.get(path, 0)) * patch
        return changes

    def moved(self, path, t):
        value = self.value(path)
        return value ^ bool(t) if isinstance(value, bool) else value + t * self.steps[path]

    def unit(self, path):
        """Returns the field in whose size this one is measured: an image counts in patches."""
        patch = path.removesuffix("image_size") + "patch_size"
        unit = self.fields.get(patch)
        return patch if path.split(".")[-1] == "image_size" and type(unit) is int and unit > 0 else None

    def probe(self):
        """Sorts the fields: varied, idle, fixed."""
        zero = self.f({})
        if zero is None:
            raise Failed("the base point cannot be built")
        for path, value in self.fields.items():
            last = path.split(".")[-1]
            if SILENT.fullmatch(last) or last in UNTOLD:
                continue
            if last.endswith("layer_types") and isinstance(value, list):
                kinds = {*map(str, value), "full_attention", "sliding_attention"}
                counts = [self.model.count({**self.changes({}), path: [kind] * len(value)}) for kind in sorted(kinds)]
                self.sort(path, [count for count in counts if count is not None] or [None], zero)
            elif isinstance(value, bool):
                self.steps[path] = 1
                flipped = self.f({path: 1})
                self.sort(path, [flipped], zero)
            elif isinstance(value, (int, float)) and value == int(value):
                self.number(path, int(value), zero)
            elif isinstance(value, str) and "act" in last:
                others = [self.model.count({**self.base, path: other}) for other in ACTIVATIONS]
                self.sort(path, others, zero)
            elif isinstance(value, float):
                others = [self.model.count({**self.base, path: value * by}) for by in (0.5, 0.75)]
                self.sort(path, others, zero)
            else:
                self.fixed[path] = value

    def sort(self, path, counts, zero):
        if any(count is None for count in counts):
            self.fix(path)
        elif all(count == zero for count in counts):
            self.steps.pop(path, None)
            self.idle.append(path)
        elif path not in self.steps:
            self.fix(path)

    def fix(self, path):
        self.steps.pop(path, None)
        self.fixed[path] = self.fields[path]

    def number(self, path, value, zero):
        now = int(self.value(path))
        if path not in self.units and self.changes_nothing(path, now, zero):
            self.idle.append(path)
            return
        for step in self.candidates(path, now):
            self.steps[path] = step
            for key in [key for key in self.known if any(p == path for p, _ in key)]:
                del self.known[key]
            counts = [self.f({path: t}) for t in (1, 2, 3, 4)]
            if None not in counts and self.degree([zero, *counts]) is not None:
                return
        self.fix(path)

    def changes_nothing(self, path, now, zero):
        """Tells whether neither a small nor a large change counts; heads change by what divides their width."""
        others = {now + 1, 2 * now, 3 * now + 1, now // 2, now // 3}
        if "head" in path.split(".")[-1]:
            widths = [self.value(p) for p in self.siblings(path) if WIDTHS.fullmatch(p.split(".")[-1])]
            others = {other for other in (1, 2, now // 2, now // 3, 2 * now, 4 * now)
                      if other and now and all(width % other == 0 for width in widths if width % now == 0)}
        counts = [self.model.count({**self.changes({}), path: other}) for other in sorted(others - {0, now})]
        built = [count for count in counts if count is not None]
        return len(built) > 1 and all(count == zero for count in built)

    def candidates(self, path, now):
        if path in self.units:
            return [1]
        heads = [self.value(p) for p in self.siblings(path) if "head" in p.split(".")[-1]]
        sizes = sorted({h * by for h in heads for by in (1, 2, 4, 8) if 0 < h * by < now and now % h == 0})
        small = [1, 2, 4, 8, 16]
        wide = WIDTHS.fullmatch(path.split(".")[-1])
        # A width that its heads do not divide may be built, rounded down.
        return dict.fromkeys([*(sizes + small if wide else small + sizes), 32, 64, 128, max(1, now)])

    def siblings(self, path):
        """Returns the fields beside this one that are whole numbers."""
        group = path.rpartition(".")[0]
        return [p for p in self.fields if p.rpartition(".")[0] == group and type(self.fields[p]) is int]

    @staticmethod
    def degree(values):
        """Returns the degree of the polynomial through equally spaced values, or nothing above 3."""
        degree, row = 0, list(values)
        while any(row) and len(row) > 1:
            row = [b - a for a, b in zip(row, row[1:])]
            if not any(row):
                return degree
            degree += 1
        return None

    def measure(self):
        """Returns the terms: (degree of each varied field, coefficient)."""
        self.probe()
        while True:
            try:
                terms = self.terms()
            except Unbuildable as problem:
                self.fix(problem.path)
                continue
            culprit = self.check(terms)
            if culprit is None:
                return terms
            self.fix(culprit)

    def difference(self, degrees):
        """Returns the mixed difference at the base point."""
        total = 0
        for point in itertools.product(*(range(a + 1) for _, a in degrees)):
            value = self.f({path: t for (path, _), t in zip(degrees, point)})
            if value is None:
                raise Unbuildable(self.weakest(degrees))
            sign = (-1) ** sum(a - t for (_, a), t in zip(degrees, point))
            weight = math.prod(math.comb(a, t) for (_, a), t in zip(degrees, point))
            total += sign * weight * value
        return total

    def weakest(self, degrees):
        """Prefers to fix what few vary: the field that is no size of the first rank."""
        names = [path for path, _ in degrees]
        order = ("hidden_size", "num_hidden_layers", "vocab_size", "intermediate_size", "d_model")
        return max(names, key=lambda path: order.index(path.split(".")[-1]) if path.split(".")[-1] in order else 99)

    def terms(self):
        paths = list(self.steps)
        degree = {}
        for path in paths:
            if isinstance(self.fields[path], bool):
                degree[path] = 1
            else:
                degree[path] = self.degree([self.f({path: t}) for t in range(5)]) or 1
        joined = {pair for pair in itertools.combinations(paths, 2)
                  if self.difference([(pair[0], 1), (pair[1], 1)])}
        terms = [((), self.f({}))]
        level = [((path, 1),) for path in paths]
        grown = set()
        while level:
            following = []
            for term in level:
                if term in grown:
                    continue
                grown.add(term)
                coefficient = self.difference(list(term))
                if coefficient:
                    terms.append((term, coefficient))
                if sum(a for _, a in term) < MOST_DEGREE:
                    following += self.larger(term, paths, degree, joined)
            level = following
        return terms

    @staticmethod
    def larger(term, paths, degree, joined):
        held = dict(term)
        for i, path in enumerate(paths):
            if held.get(path, 0) >= degree[path]:
                continue
            if path not in held and not all(
                    (min(other, path, key=paths.index), max(other, path, key=paths.index)) in joined for other in held):
                continue
            more = {**held, path: held.get(path, 0) + 1}
            yield tuple(sorted(more.items(), key=lambda item: paths.index(item[0])))

    @staticmethod
    def evaluate(terms, point):
        total = 0
        for term, coefficient in terms:
            product = coefficient
            for path, a in term:
                t = point.get(path, 0)
                top = math.prod(t - i for i in range(a))
                product = product * top // math.factorial(a)
            total += product
        return total

    def default_point(self):
        point = {}
        for path, step in self.steps.items():
            away = 0 if isinstance(self.fields[path], bool) else self.fields[path] - self.value(path)
            if path in self.units:
                away = 0
            if away % step:
                raise Unbuildable(path)
            point[path] = int(away) // step
        return point

    def check(self, terms):
        """Returns a field with which the law does not hold, or nothing."""
        for path in self.base:
            if path not in self.steps and path in self.fixed:
                raise Failed(f"layers vary by no rule: {path}")
        start = self.default_point()
        if self.evaluate(terms, start) != self.model.count({}):
            raise Failed("the law does not give the default configuration")
        chance = random.Random(self.model.name)
        built = 0
        for _ in range(4 * CHECKS):
            point = {path: chance.choice((0, 1)) if isinstance(self.fields[path], bool) else self.drawn(chance, path)
                     for path in self.steps}
            value = self.f(point)
            if value is None:
                continue
            built += 1
            if value != self.evaluate(terms, point):
                return self.culprit(terms, point)
            if built == CHECKS:
                break
        if built < 3 and self.steps:
            return self.weakest([(path, 1) for path in self.steps])
        return None

    def drawn(self, chance, path):
        """Draws a number of steps: few, below the base, or as many as double it."""
        below = max(0, (int(self.value(path)) - 1) // self.steps[path]) if path not in self.units else 2
        return chance.choice((0, 1, 2, 3, 5, -min(1, below), -(below // 2), 1 + chance.randint(0, below + 1)))

    def culprit(self, terms, point):
        """Puts fields back to the base as long as the law stays wrong; one of those that remain is at fault."""
        point = dict(point)
        for path in list(point):
            without = {**point, path: 0}
            value = self.f(without)
            if value is not None and value != self.evaluate(terms, without):
                point = without
        return self.weakest([(path, t) for path, t in point.items() if t] or [(path, 1) for path in self.steps])


class Unbuildable(Exception):
    def __init__(self, path):
        super().__init__(path)
        self.path = path


def law_of(name, seconds):
    deadline = time.process_time() + seconds
    model = Type(name, deadline)
    fault = None
    for reduced in (True, False):
        try:
            law = Law(model, reduced)
            return document(model, law, law.measure())
        except (Failed, Unbuildable) as problem:
            fault = problem
    raise Failed(str(fault))


def document(model, law, terms):
    paths = list(law.steps)
    place = {path: i for i, path in enumerate(paths)}
    return {
        "type": model.name, "class": model.kind.__name__,
        "varied": [[path, int(law.value(path)) // (law.value(law.units[path]) if path in law.units else 1),
                    law.steps[path], int(law.fields[path]), *([law.units[path]] if path in law.units else [])]
                   for path in paths],
        "idle": law.idle, "fixed": law.fixed,
        "terms": [[coefficient, *itertools.chain(*((place[p], a) for p, a in term))] for term, coefficient in terms],
    }


def work(name, seconds, pipe):
    import os

    sys.stdout = sys.stderr = open(os.devnull, "w")
    try:
        pipe.send(law_of(name, seconds))
    except Exception as problem:
        pipe.send({"type": name, "skipped": f"{type(problem).__name__}: {problem}"[:160]})


def main():
    options = argparse.ArgumentParser()
    options.add_argument("output")
    options.add_argument("--types")
    options.add_argument("--seconds", type=int, default=10)
    options = options.parse_args()
    sweep.load()
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    types = options.types.split(",") if options.types else list(CONFIG_MAPPING_NAMES)
    laws = []
    for name in types:
        start = time.time()
        laws.append(sweep.guarded(name, 30 * options.seconds, work, options.seconds))
        print(name, f"{time.time() - start:.1f} s", laws[-1].get("skipped") or
              f"{len(laws[-1]['varied'])} varied {len(laws[-1]['idle'])} idle {len(laws[-1]['fixed'])} fixed"
              f" {len(laws[-1]['terms'])} terms", file=sys.stderr, flush=True)
    sweep.write(options.output, {
        "about": " ".join(__doc__.split()), "versions": sweep.versions(), "silent": SILENT.pattern,
        "laws": [law for law in laws if "terms" in law], "skipped": [law for law in laws if "skipped" in law],
    })


if __name__ == "__main__":
    main()
