"""Writes heldout.json.gz: random variations of default configurations with the number of parameters of the built model.

  python heldout.py OUTPUT.json.gz --types a,b,... [--seeds N]

Independent of laws.py: sizes are drawn by their usual names, whatever a law says of them. What cannot be built is left out.
"""
import argparse
import json
import random
import sys

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


def measured(name, seeds):
    import torch
    import transformers

    config = transformers.AutoConfig.for_model(name)
    kind = sweep.classes_of(config)[0]
    cases = []
    for seed in range(seeds):
        document = json.loads(config.to_json_string(use_diff=False))
        varied(document, random.Random(f"{name}/{seed}"))
        document.pop("architectures", None)
        try:
            small = type(config).from_dict(document)
            with torch.device("meta"):
                model = sweep.made(kind, small)
        except Exception:
            continue
        stated = json.loads(small.to_json_string(use_diff=True))
        stated.update(model_type=name, architectures=[kind.__name__])
        cases.append({"id": f"{name}/{seed}", "config": stated,
                      "total": sum(p.numel() for p in {id(p): p for p in model.parameters()}.values())})
    return {"type": name, "cases": cases}


def work(name, seeds, pipe):
    sys.stderr = open("/dev/null", "w")
    try:
        pipe.send(measured(name, seeds))
    except Exception as problem:
        pipe.send({"type": name, "skipped": f"{type(problem).__name__}: {problem}"[:160]})


def main():
    options = argparse.ArgumentParser()
    options.add_argument("output")
    options.add_argument("--types", required=True)
    options.add_argument("--seeds", type=int, default=4)
    options = options.parse_args()
    sweep.load()
    cases = []
    for name in options.types.split(","):
        answer = sweep.guarded(name, 60, work, options.seeds)
        cases += answer.get("cases", [])
        print(name, len(answer.get("cases", [])), answer.get("skipped", ""), file=sys.stderr, flush=True)
    sweep.write(options.output, {"about": " ".join(__doc__.split()), "versions": sweep.versions(), "cases": cases})


if __name__ == "__main__":
    main()
