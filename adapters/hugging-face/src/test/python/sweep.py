"""Writes sweep.json.gz: for every model type of transformers, its default configuration and what the built model holds.

  python sweep.py OUTPUT.json.gz [--types a,b,...] [--seconds N]

Optional: the build reads what was written and never needs Python. Models are built on torch's meta device, which holds shapes
and no weights; each type in a process of its own with a time limit.

class     what was built: the language model with its head where transformers has one, otherwise the class of the type
total     unique parameters (tied matrices once)
trainable those of them that need a gradient as built
forward   products that torch dispatches for one input with eager attention, the whole square of scores and everything the
          code runs; absent where the meta device cannot run the model
length    tokens of that input; absent for an image
"""
import argparse
import gzip
import importlib
import json
import multiprocessing
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "critical"

LENGTH = 64
HEADS = (
    "SEQ_TO_SEQ_CAUSAL_LM", "SPEECH_SEQ_2_SEQ", "IMAGE_TEXT_TO_TEXT", "MULTIMODAL_LM", "MASKED_LM", "CAUSAL_LM", "CTC",
    "IMAGE_CLASSIFICATION",
)


def auto_class(config):
    import transformers.models.auto.modeling_auto as auto

    model_type = config.model_type
    composite = bool(getattr(config, "sub_configs", None))
    for head in HEADS:
        if composite and head == "IMAGE_CLASSIFICATION":
            continue
        found = getattr(auto, f"MODEL_FOR_{head}_MAPPING_NAMES").get(model_type)
        if found:
            return found if isinstance(found, str) else found[0]
    found = auto.MODEL_MAPPING_NAMES.get(model_type)
    return found if found is None or isinstance(found, str) else found[0]


def classes_of(config):
    """Returns the classes of the type's own module that are made for this configuration, the automatic choice first."""
    import transformers

    name = auto_class(config)
    if name:
        return [getattr(transformers, name)]
    module = importlib.import_module(type(config).__module__.replace(".configuration_", ".modeling_"))
    return [
        kind for label, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, transformers.PreTrainedModel)
        and not label.endswith("PreTrainedModel") and getattr(kind, "config_class", None) is type(config)
    ]


def counter():
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode

    aten = torch.ops.aten

    class Counter(TorchDispatchMode):
        flop = 0

        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            out = func(*args, **(kwargs or {}))
            op = func._overloadpacket
            if op in (aten.mm, aten.addmm):
                left, right = args[-2:] if op is aten.mm else args[1:3]
                self.flop += 2 * left.shape[0] * left.shape[1] * right.shape[1]
            elif op in (aten.bmm, aten.baddbmm):
                left, right = args[-2:] if op is aten.bmm else args[1:3]
                # A product of single columns makes rotary angles and outer sums, not a projection.
                if left.shape[2] > 1:
                    self.flop += 2 * left.shape[0] * left.shape[1] * left.shape[2] * right.shape[2]
            elif op is aten.convolution:
                data, weight, transposed = args[0], args[1], args[6]
                values = data.numel() // data.shape[1] if transposed else out.numel()
                each = weight.numel() if transposed else weight[0].numel()
                length = data.shape[-1]
                if not transposed and data.dim() == 3 and out.shape[-1] > length:
                    values = values * length // out.shape[-1]
                self.flop += 2 * values * each
            return out

    return Counter()


def inputs_of(model, config):
    import torch

    main = model.main_input_name
    if main == "input_ids":
        given = {"input_ids": torch.zeros(1, LENGTH, dtype=torch.long, device="meta")}
        if getattr(config, "is_encoder_decoder", False):
            given["decoder_input_ids"] = given["input_ids"].clone()
        return given, LENGTH
    if main == "pixel_values" and isinstance(getattr(config, "image_size", None), int):
        channels = getattr(config, "num_channels", 3)
        return {"pixel_values": torch.zeros(1, channels, config.image_size, config.image_size, device="meta")}, None
    return None, None


def forward(model, config):
    """Returns what torch dispatches for one input, or nothing where the meta device cannot run it."""
    import torch

    given, length = inputs_of(model, config)
    if given is None:
        return {}
    ways = [{}]
    if length:
        # A mask that is already whole is not looked at.
        mask = torch.zeros(1, 1, length, length, device="meta")
        ways = [{"use_cache": False, "attention_mask": mask}, {"use_cache": False}, {}]
    for way in ways:
        try:
            with torch.no_grad(), counter() as counted:
                model.eval()(**given, **way)
        except Exception:  # a mask or a router that looks at values cannot run without them
            continue
        return {"forward": counted.flop, **({"length": length} if length else {})}
    return {}


def built(model_type):
    import torch
    import transformers

    config = transformers.AutoConfig.for_model(model_type)
    stated = json.loads(config.to_json_string(use_diff=True))
    fault = "no class is made for it alone"
    for kind in classes_of(config):
        try:
            with torch.device("meta"):
                model = made(kind, config)
        except Exception as problem:
            fault = f"{type(problem).__name__}: {problem}"[:160]
            continue
        unique = {id(p): p for p in model.parameters()}.values()
        stated["model_type"] = model_type
        stated["architectures"] = [kind.__name__]
        case = {
            "type": model_type, "class": kind.__name__, "config": stated,
            "total": sum(p.numel() for p in unique),
            "trainable": sum(p.numel() for p in unique if p.requires_grad),
        }
        return {**case, **forward(model, config)}
    return {"type": model_type, "skipped": fault}


def made(kind, config):
    for choice in ({"attn_implementation": "eager", "experts_implementation": "batched_mm"},
                   {"attn_implementation": "eager"}, {}):
        try:
            return kind._from_config(config, **choice)
        except (TypeError, ValueError):
            continue
    return kind(config)


def work(model_type, pipe):
    sys.stdout = sys.stderr = open(os.devnull, "w")
    try:
        pipe.send(built(model_type))
    except Exception as problem:
        pipe.send({"type": model_type, "skipped": f"{type(problem).__name__}: {problem}"[:160]})


def guarded(model_type, seconds, task=work, *more):
    """Returns what a process of its own says of the type within so many seconds."""
    here, there = multiprocessing.Pipe(False)
    process = multiprocessing.get_context("fork").Process(target=task, args=(model_type, *more, there))
    process.start()
    there.close()
    try:
        answer = here.recv() if here.poll(seconds) else {"type": model_type, "skipped": f"over {seconds} s"}
    except EOFError:
        answer = {"type": model_type, "skipped": "the process died"}
    process.kill()
    process.join()
    return answer


def load():
    """Loads here once what every child needs."""
    import torch
    import transformers.masking_utils
    import transformers.modeling_utils
    import transformers.models.auto.modeling_auto

    torch.set_num_threads(1)


def versions():
    import torch
    import transformers

    return {"torch": torch.__version__, "transformers": transformers.__version__}


def read(path):
    """Returns what was written there, or an empty document."""
    if not os.path.exists(path):
        return {}
    with gzip.open(path) as file:
        return json.load(file)


def write(path, document):
    # Without a name and a time, equal measurements are equal bytes.
    with open(path, "wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as out:
        out.write(json.dumps(document, separators=(",", ":")).encode())


def main():
    options = argparse.ArgumentParser()
    options.add_argument("output")
    options.add_argument("--types")
    options.add_argument("--seconds", type=int, default=90)
    options = options.parse_args()
    load()
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    types = options.types.split(",") if options.types else list(CONFIG_MAPPING_NAMES)
    answers = []
    for model_type in types:
        answers.append(guarded(model_type, options.seconds))
        print(model_type, answers[-1].get("total", answers[-1].get("skipped")), file=sys.stderr, flush=True)
    write(options.output, {
        "about": " ".join(__doc__.split()), "versions": versions(),
        "cases": [a for a in answers if "total" in a], "skipped": [a for a in answers if "skipped" in a],
    })


if __name__ == "__main__":
    main()
