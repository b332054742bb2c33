"""Writes heldout.json.gz: random variations of default configurations with the number of parameters of the built model.

  python heldout.py OUTPUT.json.gz --types a,b,... [--seeds N] [--wild N]

Independent of laws.py: sizes are drawn by their usual names, whatever a law says of them. In wild variations any other number,
switch or list is changed too, whatever it is called. What cannot be built is left out.
"""
import argparse
import json
import random
import sys

import laws
import sweep

WIDTHS = ("hidden_size", "d_model", "n_embd", "embed_dim", "dim")
HEADS = ("num_attention_heads", "n_head", "n_heads", "num_heads", "encoder_attention_heads", "decoder_attention_heads")
LAYERS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers", "encoder_layers", "decoder_layers", "depth")
INNER = ("intermediate_size", "ffn_dim", "encoder_ffn_dim", "decoder_ffn_dim", "d_ff", "hidden_dim")


def varied(document, chance):
    heads = [document[name] for name in HEADS if type(document.get(name)) is int]
    for name, value in list(document.items()):
        if isinstance(value, dict):
            varied(value, chance)
        elif type(value) is not int or chance.random() < 0.3:
            continue
        elif name in WIDTHS:
            document[name] = max(heads, default=8) * chance.choice((8, 16, 24, 64))
        elif name in LAYERS:
            document[name] = chance.randint(1, 5)
        elif name in INNER:
            document[name] = chance.choice((48, 72, 200, 1024))
        elif name == "vocab_size":
            document[name] = chance.choice((131, 1000, 5003))
        elif name in ("max_position_embeddings", "n_positions"):
            document[name] = chance.choice((64, 100, 513))
        elif name == "image_size" and type(document.get("patch_size")) is int:
            document[name] = document["patch_size"] * chance.randint(2, 9) + chance.choice((0, 0, 1))
        elif name == "patch_size":
            document[name] = chance.choice((8, 14, 16))
        elif name == "num_key_value_heads" and heads:
            document[name] = chance.choice([n for n in range(1, heads[0] + 1) if heads[0] % n == 0])
    layers = document.get("num_hidden_layers")
    kinds = document.get("layer_types")
    if type(layers) is int and isinstance(kinds, list) and kinds:
        document["layer_types"] = [kinds[i % len(kinds)] for i in range(layers)]


def made_wild(document, chance, share):
    """Changes so large a share of all numbers and switches, in lists too, and leaves out some that are as by default."""
    for name, value in list(document.items()):
        if isinstance(value, dict):
            made_wild(value, chance, share)
        elif "token" in name or name.endswith("_id") or chance.random() > share:
            continue
        elif isinstance(value, bool):
            document[name] = not value
        elif isinstance(value, int):
            document[name] = chance.choice((value + 1, value * 2, value // 2, value * 3, 1, 0, 8))
        elif isinstance(value, float):
            document[name] = chance.choice((0.0, value / 2, 0.1, 2.0))
        elif isinstance(value, list) and value and all(type(each) is int for each in value):
            document[name] = chance.choice(([each * 2 for each in value], value[:-1], [*value, value[-1]],
                                            [*value[:-1], value[-1] * 2]))


def drawn(config, name, seed, wild):
    """Yields documents of a seed, each nearer to the default configuration."""
    for share in (0.15, 0.08, 0.04, 0.02) if wild else (0,):
        document = json.loads(json.dumps(config.to_dict()))
        chance = random.Random(f"{name}/{seed}" if not wild else f"{name}/wild/{seed}/{share}")
        if not wild or chance.random() < 0.5:
            varied(document, chance)
        if wild:
            made_wild(document, chance, share)
        document.pop("architectures", None)
        yield document


def measured(name, seeds, wild):
    import torch
    import transformers

    config = transformers.AutoConfig.for_model(name)
    kind = sweep.classes_of(config)[0]
    cases = []
    for seed, is_wild in [*((seed, False) for seed in range(seeds)), *((seed, True) for seed in range(wild))]:
        for document in drawn(config, name, seed, is_wild):
            try:
                small = type(config).from_dict(document)
                with torch.device("meta"):
                    model = sweep.made(kind, small)
            except Exception:
                continue
            # A whole document says every field; a short one leaves out what is as by default.
            stated = json.loads(small.to_json_string(use_diff=seed % 2 == 0))
            stated.update(model_type=name, architectures=[kind.__name__])
            cases.append({"id": f"{name}/{'wild/' if is_wild else ''}{seed}", "config": stated,
                          "total": sum(p.numel() for p in {id(p): p for p in model.parameters()}.values())})
            break
    return {"type": name, "cases": cases}


def work(name, seeds, wild, pipe):
    sys.stderr = open("/dev/null", "w")
    try:
        pipe.send(measured(name, seeds, wild))
    except Exception as problem:
        pipe.send({"type": name, "skipped": f"{type(problem).__name__}: {problem}"[:160]})


def main():
    options = argparse.ArgumentParser()
    options.add_argument("output")
    options.add_argument("--types", required=True)
    options.add_argument("--seeds", type=int, default=4)
    options.add_argument("--wild", type=int, default=2)
    options = options.parse_args()
    sweep.load()
    laws.quick()
    types = options.types.split(",")
    cases = [case for case in sweep.read(options.output).get("cases", []) if case["id"].split("/")[0] not in types]
    for name in types:
        answer = sweep.guarded(name, 60, work, options.seeds, options.wild)
        cases += answer.get("cases", [])
        print(name, len(answer.get("cases", [])), answer.get("skipped", ""), file=sys.stderr, flush=True)
    sweep.write(options.output, {"about": " ".join(__doc__.split()), "versions": sweep.versions(), "cases": cases})


if __name__ == "__main__":
    main()
