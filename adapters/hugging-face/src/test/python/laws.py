"""Writes laws.json.gz: for each model type, how the number of its parameters follows from the fields of its configuration.

  python laws.py OUTPUT.json.gz [--types a,b,...] [--seconds N] [--harden]

What OUTPUT holds already is kept, and it is written after each type. With --harden nothing is measured anew: every law in
OUTPUT is tried against further random configurations (harden.py) and narrowed to what holds.

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
    r".*(token_id|token_index|token_ids|_std|_range|dropout|_eps|layerdrop|drop_path|seed|_theta|_coef"
    r"|initializer).*|use_cache|output_.*|return_dict|chunk_size_feed_forward|transformers_version|dtype")
# Instead of a unit: only whether the value is above zero counts; the field is on or off.
POSITIVE = "@positive"
SWITCH = "@switch"
LAYERS = re.compile(r"(.*_)?(layers|layer|depth|n_layer|blocks)(_\d+)?")
UNTOLD = ("architectures", "id2label", "label2id", "problem_type", "_name_or_path")
ACTIVATIONS = ("gelu", "relu", "silu")
WIDTHS = re.compile(r".*(hidden_size|hidden_dim|d_model|embed_dim|width)|n_embd|dim")
VOCABULARY = re.compile(r".*vocab_size|num_labels|@labels")
INNER = re.compile(r".*(intermediate|ffn|inner|mlp|d_ff).*|num_key_value_heads")
# The share of the time in which fields are sorted.
PROBING = 0.45
MOST_DEGREE = 4
CHECKS = 8


def rank(path, value):
    """Returns how little a field says of a model's size."""
    last = path.split(".")[-1]
    if type(value) is int:
        for place, names in enumerate((LAYERS, WIDTHS, VOCABULARY, INNER)):
            if names.fullmatch(last):
                return place
        return 4
    return 5 if isinstance(value, bool) else 6


class Failed(Exception):
    """The laws of a type could not be measured."""


class Late(Failed):
    """The time for a type is over."""


class Type:
    """Builds one model type with fields changed and counts its parameters."""

    def __init__(self, name, seconds):
        import transformers

        self.name, self.seconds, self.built = name, seconds, 0
        self.allow(seconds)
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

    def allow(self, seconds):
        """Gives so much time from now on."""
        self.start = time.process_time()
        self.deadline = self.start + seconds

    def used(self):
        """Returns the share of the time that is used."""
        return (time.process_time() - self.start) / max(1e-9, self.deadline - self.start)

    def each(self):
        """Returns the seconds that one model has taken on the average."""
        return (time.process_time() - self.start) / max(1, self.built)

    def count(self, changes):
        import torch

        if time.process_time() > self.deadline:
            raise Late("over time")
        self.built += 1
        try:
            config = self.config_type.from_dict(self.document(changes))
            with torch.device("meta"):
                model = sweep.made(self.kind, config)
        except Exception:
            return None
        return sum(p.numel() for p in {id(p): p for p in model.parameters()}.values())

    def document(self, changes):
        """Returns the default configuration with fields changed."""
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
        return document


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
        self.idle, self.steps, self.fixed, self.kinds = [], {}, {}, {}
        self.positive = set()
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
        if path in self.positive:
            return value if not t else 0.0 if value > 0 else 0.25
        return value ^ bool(t) if isinstance(value, bool) else value + t * self.steps[path]

    def is_switch(self, path):
        return isinstance(self.fields[path], bool) or path in self.positive

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
        for path, value in sorted(self.fields.items(), key=lambda field: rank(*field)):
            last = path.split(".")[-1]
            if SILENT.fullmatch(last) or last in UNTOLD:
                continue
            if self.model.used() > PROBING:
                self.fix(path)
                continue
            if last.endswith("layer_types") and isinstance(value, list):
                kinds = {*map(str, value), "full_attention", "sliding_attention"}
                counts = {kind: self.model.count({**self.changes({}), path: [kind] * len(value)}) for kind in kinds}
                self.kinds[path] = sorted(kind for kind, count in counts.items() if count == zero)
                self.sort(path, [count for count in counts.values() if count is not None] or [None], zero)
            elif isinstance(value, bool):
                self.steps[path] = 1
                flipped = self.f({path: 1})
                self.sort(path, [flipped], zero)
            elif type(value) is int or (type(value) is float and value >= 1 and value == int(value)):
                self.number(path, int(value), zero)
            elif isinstance(value, str) and "act" in last:
                others = [self.model.count({**self.base, path: other}) for other in ACTIVATIONS]
                self.sort(path, others, zero)
            elif isinstance(value, float):
                self.share(path, value, zero)
            else:
                self.fixed[path] = value

    def share(self, path, value, zero):
        """Sorts a number that is not whole: it changes nothing, or only whether it is above zero counts, or it is fixed."""
        above = [self.model.count({**self.changes({}), path: by}) for by in {value / 2, 0.25, 0.5, 1.0} if by > 0]
        none = self.model.count({**self.changes({}), path: 0.0})
        if len(set(above)) > 1 or None in above or none is None or value < 0:
            self.fix(path)
        elif above[0] == none == zero:
            self.idle.append(path)
        else:
            self.positive.add(path)
            self.steps[path] = 1

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
        self.positive.discard(path)
        self.kinds.pop(path, None)
        self.fixed[path] = self.fields[path]
        if self.base.get(path, self.fields[path]) != self.fields[path]:
            raise Failed(f"{path} is fixed and was reduced")
        for unit in [unit for unit, patch in self.units.items() if patch == path and unit in self.steps]:
            self.fix(unit)

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
        built = 0
        for other in sorted(others - {0, now}):
            count = self.model.count({**self.changes({}), path: other})
            if count not in (None, zero):
                return False
            built += count is not None
        return built > 1

    def candidates(self, path, now):
        if path in self.units:
            return [1]
        heads = [self.value(p) for p in self.siblings(path) if "head" in p.split(".")[-1]]
        whole = math.lcm(*(h for h in heads if h > 0 and now % h == 0))
        # Steps that every number of heads divides come first: between them widths are rounded down.
        sizes = [whole, *sorted({h * by for h in heads for by in (1, 2, 4, 8) if 0 < h * by < now and now % h == 0})]
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
        # A pair of fields takes a model of its own, and some more are looked at.
        self.keep(max(4, int(math.sqrt((1 - PROBING) * self.model.seconds / self.model.each()))))
        late = 0
        while True:
            try:
                terms = self.terms()
                culprit = self.check(terms)
            except Unbuildable as problem:
                self.fix(problem.path)
                continue
            except Late:
                late += 1
                if late > 2 or len(self.steps) < 4:
                    raise
                self.keep(len(self.steps) // 2)
                self.model.allow(self.model.seconds / 2)
                continue
            if culprit is None:
                return terms
            self.fix(culprit)

    def keep(self, most):
        """Fixes all but the fields that say most of a model's size."""
        for path in sorted(self.steps, key=lambda path: rank(path, self.fields[path]))[most:]:
            self.fix(path)

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
            if self.is_switch(path):
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
            away = 0 if self.is_switch(path) else self.fields[path] - self.value(path)
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
            point = {path: chance.choice((0, 1)) if self.is_switch(path) else self.drawn(chance, path)
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
    model = Type(name, seconds)
    fault = None
    for reduced in (True, False):
        model.allow(seconds)
        try:
            law = Law(model, reduced)
            return document(model, law, law.measure())
        except (Failed, Unbuildable) as problem:
            fault = problem
    raise Failed(str(fault))


def document(model, law, terms):
    import harden

    paths = list(law.steps)
    place = {path: i for i, path in enumerate(paths)}
    plain = {
        "type": model.name, "class": model.kind.__name__,
        "varied": [varied(law, path) for path in paths],
        "idle": law.idle, "fixed": law.fixed, "kinds": {path: law.kinds[path] for path in law.kinds if path in law.idle},
        "terms": [[coefficient, *itertools.chain(*((place[p], a) for p, a in term))] for term, coefficient in terms],
    }
    model.allow(2 * model.seconds)
    return harden.hardened(model, plain)


def varied(law, path):
    if path in law.positive:
        above = int(law.fields[path] > 0)
        return [path, above, 1 - 2 * above, above, POSITIVE]
    unit = law.units.get(path)
    base = int(law.value(path)) // (law.value(unit) if unit else 1)
    # A switch that is on by default lies one step down.
    if isinstance(law.fields[path], bool):
        return [path, base, 1 - 2 * base, base, SWITCH]
    return [path, base, law.steps[path], int(law.fields[path]), *([unit] if unit else [])]


def work(name, seconds, pipe):
    import os

    sys.stdout = sys.stderr = open(os.devnull, "w")
    try:
        pipe.send(law_of(name, seconds))
    except Exception as problem:
        pipe.send({"type": name, "skipped": f"{type(problem).__name__}: {problem}"[:160]})


def tried(name, plain, seconds, pipe):
    import os

    import harden

    sys.stdout = sys.stderr = open(os.devnull, "w")
    try:
        pipe.send(harden.hardened(Type(name, seconds), plain))
    except Exception as problem:
        pipe.send({"type": name, "skipped": f"{type(problem).__name__}: {problem}"[:160]})


def quick():
    """Leaves out what costs time and changes no count: the drawing of weights and the printing of configurations."""
    import torch.nn as nn
    import transformers.modeling_utils as utils
    from transformers import PreTrainedConfig

    PreTrainedConfig.__repr__ = object.__repr__

    utils.PreTrainedModel.init_weights = lambda self, *args, **kwargs: self.tie_weights()
    for kind in vars(nn).values():
        if isinstance(kind, type) and "reset_parameters" in vars(kind):
            kind.reset_parameters = lambda self: None


def main():
    options = argparse.ArgumentParser()
    options.add_argument("output")
    options.add_argument("--types")
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--harden", action="store_true")
    options = options.parse_args()
    sweep.load()
    quick()
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    known = sweep.read(options.output)
    answers = {law["type"]: law for law in known.get("laws", []) + known.get("skipped", [])}
    types = options.types.split(",") if options.types else list(CONFIG_MAPPING_NAMES)
    for name in types:
        start = time.time()
        if not options.harden:
            answer = sweep.guarded(name, 12 * options.seconds, work, options.seconds)
        elif "terms" in answers.get(name, {}):
            answer = sweep.guarded(name, 3 * options.seconds, tried, answers[name], options.seconds)
        else:
            continue
        answers[name] = answer
        print(name, f"{time.time() - start:.1f} s", answer.get("skipped") or
              f"{len(answer['varied'])} varied {len(answer['idle'])} idle {len(answer['fixed'])} fixed"
              f" {len(answer['terms'])} terms", file=sys.stderr, flush=True)
        ordered = [answers[name] for name in sorted(answers)]
        sweep.write(options.output, {
            "about": " ".join(__doc__.split()), "versions": sweep.versions(), "silent": SILENT.pattern,
            "laws": [law for law in ordered if "terms" in law], "skipped": [law for law in ordered if "skipped" in law],
        })


if __name__ == "__main__":
    main()
