"""Narrows a measured law to what random configurations confirm, and writes what its polynomial cannot say.

Every field that the law answers for is changed, idle ones and switches too, many at once. Where the built model holds another
number of parameters the field at fault is fixed at its default. Also written:

divides   fields, heads mostly, that change nothing as long as they divide the widths beside them
derived   fields that transformers makes from others where they are absent: they must be stated beside those
input     what the model is given: text, image, sound, mixed or other
pair      whether an encoder and a decoder are given tokens of their own
"""
import inspect
import json
import math
import random

import laws

POINTS = 32
FEWER = 5


def hardened(model, plain):
    law = json.loads(json.dumps(plain))
    trial = Trial(model, law)
    trial.settle()
    trial.run()
    law["divides"] = {path: widths for path, widths in trial.divides.items() if widths}
    law["derived"] = derived(model, law)
    law["input"], law["pair"] = given(model)
    return law


def given(model):
    """Returns what kind of input the built class takes, and whether it has an encoder and a decoder."""
    named = " ".join(inspect.signature(model.kind.forward).parameters)
    main = getattr(model.kind, "main_input_name", "input_ids")
    image = any(word in named for word in ("pixel", "image", "video"))
    sound = any(word in named for word in ("input_features", "input_values", "audio", "waveform"))
    if image + sound > 1 or ("input_ids" in named and image + sound):
        kind = "mixed"
    else:
        kind = "image" if image else "sound" if sound else "text" if main == "input_ids" and main in named else "other"
    return kind, bool(model.plain.get("is_encoder_decoder"))


class Trial:
    """Tries one law, in the form in which it is written, against built models."""

    def __init__(self, model, law):
        self.model, self.law = model, law
        self.fields = dict(laws.flat(model.plain))
        if model.labelled:
            self.fields["@labels"] = 2
        self.chance = random.Random("harden/" + model.name)
        self.divides = {}

    def settle(self):
        """Brings a law to the present form: each field is varied, idle, fixed or silent."""
        law = self.law
        law.setdefault("kinds", {})
        for field in law["varied"]:
            if isinstance(self.fields.get(field[0]), bool):
                field[2:] = [1 - 2 * field[1], field[1], laws.SWITCH]
        told = {*(field[0] for field in law["varied"]), *law["idle"], *law["fixed"]}
        for path, value in self.fields.items():
            last = path.split(".")[-1]
            if path in told or laws.SILENT.fullmatch(last) or last in laws.UNTOLD:
                continue
            if isinstance(value, (bool, int, float)):
                law["idle"].append(path)
            else:
                law["fixed"][path] = value
        for path in law["idle"]:
            if type(self.fields[path]) is int and "head" in path.split(".")[-1]:
                self.divides[path] = self.widths(path)
        for path in list(law["idle"]):
            if isinstance(self.fields[path], list) and path not in law["kinds"]:
                law["kinds"][path] = sorted({"full_attention", "sliding_attention", *map(str, self.fields[path])})

    def widths(self, path):
        """Returns the widths beside a number of heads that it divides by default."""
        group, heads = path.rpartition(".")[0], self.fields[path]
        return [other for other, value in self.fields.items()
                if other.rpartition(".")[0] == group and type(value) is int and heads > 0
                and laws.WIDTHS.fullmatch(other.split(".")[-1]) and value % heads == 0]

    def run(self):
        if not self.holds({}):
            raise laws.Failed("the law does not give the default configuration")
        for point in self.switched():
            point = self.buildable(point)
            while point is not None and not self.holds(point):
                self.fix(self.culprit(point))
                point = self.buildable({path: value for path, value in point.items() if path not in self.law["fixed"]})
        passed = tries = 0
        while passed < POINTS and tries < 6 * POINTS:
            tries += 1
            point = self.buildable(self.point())
            if point is None:
                continue
            if self.holds(point):
                passed += 1
            else:
                self.fix(self.culprit(point))
                passed = 0
        if passed < POINTS // 4 and self.law["varied"]:
            raise laws.Failed("too few random configurations can be built")

    def switched(self):
        """Yields points at which one switch is the other way and all that is said to change nothing is changed."""
        for path, _, _, above, *unit in list(self.law["varied"]):
            if unit not in ([laws.SWITCH], [laws.POSITIVE]):
                continue
            for _ in range(3):
                other = not self.fields[path] if unit == [laws.SWITCH] else 0.0 if above else 0.5
                yield {**self.changed_idle(), path: other}

    def changed_idle(self):
        point = {}
        for path in self.law["idle"]:
            other = self.part(path, point) if path in self.divides else self.other(path)
            if other is not None:
                point[path] = other
        return point

    def buildable(self, point):
        """Returns the point, or a part of it, that can be built."""
        for _ in range(FEWER):
            if self.model.count(point) is not None:
                return point
            layers = {path for path in point if self.is_depth(path) or self.is_switch(path)}
            point = {path: value for path, value in point.items() if path in layers or self.chance.random() < 0.5}
        return None

    def holds(self, point):
        return self.model.count(point) == self.evaluate(point)

    def evaluate(self, point):
        steps = []
        for path, base, step, default, *unit in self.law["varied"]:
            value = point.get(path, default)
            if unit == [laws.POSITIVE]:
                value = int(point.get(path, self.fields[path]) > 0)
            elif unit and unit != [laws.SWITCH]:
                value //= point.get(unit[0], self.fields[unit[0]])
            away = int(value) - base
            if away % step:
                return None
            steps.append(away // step)
        return sum(coefficient * math.prod(
            math.prod(steps[place] - i for i in range(degree)) // math.factorial(degree)
            for place, degree in zip(term[::2], term[1::2])) for coefficient, *term in self.law["terms"])

    def is_switch(self, path):
        return any(path == field[0] and field[4:] in ([laws.SWITCH], [laws.POSITIVE]) for field in self.law["varied"])

    @staticmethod
    def is_depth(path):
        return bool(laws.LAYERS.fullmatch(path.split(".")[-1]))

    def point(self):
        point = {}
        often = self.chance.choice((0.2, 0.5, 0.8))
        for path, base, step, default, *unit in self.law["varied"]:
            if self.is_depth(path):
                point[path] = base + step * self.chance.choice((0, 0, 1, 2, -1))
            elif self.chance.random() < often:
                point[path] = self.moved(path, base, step, default, unit)
            if point.get(path, 1) < 0:
                del point[path]
        for path in self.law["idle"]:
            if self.chance.random() < often / 2:
                other = self.part(path, point) if path in self.divides else self.other(path)
                if other is not None:
                    point[path] = other
        return point

    def moved(self, path, base, step, default, unit):
        if unit == [laws.POSITIVE]:
            return self.chance.choice((0.0, 0.1, 0.5))
        if isinstance(self.fields[path], bool):
            return not self.fields[path]
        if unit:
            patch = self.fields[unit[0]]
            return patch * (base + self.chance.choice((-1, 0, 1, 2, 3))) + self.chance.choice((0, 0, 1, patch - 1))
        below = max(0, (base - 1) // step)
        most = self.chance.choice((3, below + 1, 4 * (below + 1)))
        return base + step * self.chance.choice((1, 2, -min(1, below), -self.chance.randint(0, below),
                                                 self.chance.randint(0, most)))

    def part(self, path, point):
        """Returns a number that divides the widths beside it."""
        widths = [int(point.get(other, self.fields[other])) for other in self.divides[path]]
        parts = [n for n in (1, 2, 3, 4, 6, 8, 12, 16, 32, self.fields[path]) if all(w % n == 0 for w in widths)]
        return self.chance.choice(parts)

    def other(self, path):
        """Returns another value of a field that is said to change nothing, or nothing."""
        value = self.fields[path]
        if isinstance(value, bool):
            return not value
        if isinstance(value, float):
            return self.chance.choice((0.0, 0.1, 0.5, 1.0, value * 0.75))
        if isinstance(value, int):
            return self.chance.choice((1, 2, value + 1, 2 * value, value // 2, 3 * value + 1))
        if isinstance(value, str):
            return self.chance.choice(laws.ACTIVATIONS)
        kinds = self.law["kinds"].get(path)
        return [self.chance.choice(kinds) for _ in value] if kinds else None

    def culprit(self, point):
        """Takes changes back as long as the law stays wrong: an idle field that remains is at fault, else a varied one."""
        point = dict(point)
        idle = [path for path in point if path in self.law["idle"]]
        varied = [path for path in point if path not in idle]
        for path in idle + varied:
            without = {other: value for other, value in point.items() if other != path}
            if self.model.count(without) is not None and not self.holds(without):
                point = without
        left = [path for path in point if path in idle] or [path for path in point if not self.is_depth(path)] or list(point)
        if not left:
            raise laws.Failed("the law does not give the default configuration")
        order = ("hidden_size", "vocab_size", "intermediate_size", "d_model")
        return max(left, key=lambda path: order.index(path.split(".")[-1]) if path.split(".")[-1] in order else 99)

    def fix(self, path):
        """Fixes a field at its default; of a varied one the default is put into the terms."""
        law = self.law
        law["fixed"][path] = self.fields[path]
        if path in law["idle"]:
            law["idle"].remove(path)
            self.divides.pop(path, None)
            law["kinds"].pop(path, None)
            return
        place = [field[0] for field in law["varied"]].index(path)
        _, base, step, default, *unit = law["varied"].pop(place)
        if unit and not unit[0].startswith("@"):
            # Measured in another field's size, which must then stay too.
            default //= self.fields[unit[0]]
            if unit[0] in {field[0] for field in law["varied"]} | set(law["idle"]):
                raise laws.Failed(f"{path} follows {unit[0]} by no rule")
        t = (default - base) // step
        sums = {}
        for coefficient, *term in law["terms"]:
            kept = []
            for at, degree in zip(term[::2], term[1::2]):
                if at == place:
                    coefficient = coefficient * math.prod(t - i for i in range(degree)) // math.factorial(degree)
                else:
                    kept += [at - (at > place), degree]
            sums[tuple(kept)] = sums.get(tuple(kept), 0) + coefficient
        law["terms"] = [[coefficient, *term] for term, coefficient in sums.items() if coefficient]


def derived(model, law):
    """Returns of each field that counts the stated ones that change it where it is absent; "" stands for always."""
    matters = {*(field[0] for field in law["varied"]), *law["fixed"]} - {"@labels"}
    fields = dict(laws.flat(model.plain))
    found = {}

    def note(source, document):
        try:
            made = dict(laws.flat(model.config_type.from_dict(document).to_dict()))
        except Exception:
            return
        for path in matters:
            if path == source or path in document or path.startswith(source + ".") and source in found.get(path, ()):
                continue
            if made.get(path, laws) != fields.get(path) and not any(path in found and outer in found[path] for outer in outers(source)):
                found.setdefault(path, []).append(source)

    note("", {})
    for group in groups(model.plain):
        note(group, minimal(model.plain, group + "."))
    for path, value in fields.items():
        last = path.split(".")[-1]
        if laws.SILENT.fullmatch(last) or last in laws.UNTOLD or not isinstance(value, (bool, int, float)):
            continue
        other = not value if isinstance(value, bool) else value + 1 if isinstance(value, float) else 2 * value + (value == 0)
        document = minimal(model.plain, path)
        laws.put(document, path, other)
        note(path, document)
    return found


def outers(path):
    """Returns all that a path lies in, the whole first."""
    names = path.split(".")
    return [""] * (path != "") + [".".join(names[:i]) for i in range(1, len(names))]


def groups(document, prefix=""):
    for name, value in document.items():
        if isinstance(value, dict) and name not in ("id2label", "label2id") and "model_type" in value:
            yield prefix + name
            yield from groups(value, prefix + name + ".")


def minimal(plain, path):
    """Returns a document with nothing but the types on the way to a field, and whole lists."""
    document = {}
    within, inner = plain, document
    for name in path.split(".")[:-1]:
        within = within[int(name) if isinstance(within, list) else name]
        if isinstance(within, list):
            inner[name] = list(within)
            break
        inner[name] = {"model_type": within["model_type"]} if "model_type" in within else {}
        inner = inner[name]
    return document
