# Copyright 2026 The FlopLedger project. Licensed under the Apache License, Version 2.0.
"""Writes what a trainer did, one JSON line a step, for FlopLedger to count. Python 3.8 or later, standard library only.

    spool = Spool("spool/", run="orion-7b", stage="PRETRAINING")
    spool.describe(config=model.config.to_dict())
    for step in ...:
        spool.record(step, tokens=524288, sequences=128, squared_lengths=128 * 4096**2)

`java -jar flopledger.jar follow spool/ --ledger ledger/` reads the lines while the trainer writes them. The format is
docs/formats/spool.md of FlopLedger. Nothing here raises into the trainer: what goes wrong is counted in `Spool.lost`, written into
the next line that succeeds, and said once on the error stream. A call takes one write, and one flush to the disk if asked to.
"""

import hashlib
import json
import os
import re
import sys
import threading
import time

VERSION = 1
KEPT_LINES = 1024

COUNTS = ("tokens", "padding_tokens", "sequences", "squared_lengths", "generated_tokens", "reported_flop", "devices",
          "total_parameters", "active_parameters", "trainable_parameters")
REALS = ("device_seconds", "utilisation", "energy_joules")
WORDS = ("stage", "model", "peft_event", "peft_method")
FIELDS = frozenset(COUNTS + REALS + WORDS + ("moe", "started_at", "ended_at"))


def global_rank():
    """Returns the rank of this process as its launcher says, or 0."""
    for name in ("RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK", "PMI_RANK"):
        if os.environ.get(name, "").isdigit():
            return int(os.environ[name])
    return 0


def restart_count():
    """Returns how often the launcher says that it has started this job again; several launchers add up."""
    names = ("TORCHELASTIC_RESTART_COUNT", "SLURM_RESTART_COUNT")
    return sum(int(os.environ[name]) for name in names if os.environ.get(name, "").isdigit())


def _plain(value):
    """Returns a value that json writes; what is no JSON becomes its text."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(each) for each in value)
    if value is None or isinstance(value, (bool, int, float, str)):
        enum = getattr(value, "value", value)
        return enum if isinstance(enum, (bool, int, float, str, type(None))) else str(value)
    return _plain(value.value) if hasattr(value, "value") else str(value)


class Spool:
    """Appends to a file of its own in a folder; one object for each start of a run. Safe to use from several threads.

    run        identity of the run, the same after every restart
    stage      what the compute is for; a word of the format's table
    source     who observes; sources of one step add up, so name one for each rank if ranks report their own part
    attempt    which start of the run this is; without it, the first one from the launcher's restart count on that no
               other process has taken in this folder
    durable    whether each line is flushed to the disk before record() returns
    enabled    whether anything is written; without it, on rank 0 alone
    """

    def __init__(self, folder, run, stage="UNKNOWN", source="trainer", attempt=None, model=None, durable=False,
                 enabled=None, max_bytes=256 << 20):
        self.run, self.stage, self.source, self.model = str(run), str(stage), str(source), model
        self.durable, self.max_bytes = durable, max_bytes
        self.enabled = global_rank() == 0 if enabled is None else bool(enabled)
        self.attempt = attempt
        self.lost = 0
        self._folder = os.fspath(folder)
        self._fixed = attempt is not None
        self._kept = []
        self._torn = False
        self._descriptor = None
        self._path = None
        self._part = 0
        self._last_step = None
        self._descriptions = []
        self._warned = False
        self._lock = threading.Lock()
        self._guarded(self._begin)

    def record(self, step, **facts):
        """Writes one step. Facts that are None are not known. Returns whether the line was handed to the system.

        A step number that goes back begins the next attempt, as after a rollback to a checkpoint; the same number again
        is a repeat, and counts once.
        """
        return self._guarded(self._record, step, facts)

    def describe(self, model=None, config=None, adapter=None, total_parameters=None, active_parameters=None,
                 trainable_parameters=None, recompute=None):
        """Says what is trained; steps recorded from then on are of this model. Call it before the first step.

        config     the dictionary of a Hugging Face config.json
        adapter    the dictionary of an adapter_config.json, if a PEFT method is trained
        recompute  activation recomputation: "none", "selective", "full" (each block again) or "full-reentrant" (torch's
                   reentrant checkpoints); without it nothing is known of it, and the figures' upper bound allows for it
        """
        told = {"config": config, "adapter": adapter, "total_parameters": total_parameters,
                "active_parameters": active_parameters, "trainable_parameters": trainable_parameters,
                "recompute": recompute}
        return self._guarded(self._describe, model, told)

    def close(self):
        """Writes what could not be written before, once more, and closes the file."""
        with self._lock:
            if self._kept:
                self._try(self._flush)
            if self._descriptor is not None:
                self._try(os.close, self._descriptor)
            self._descriptor = None
            self.enabled = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Nothing below raises past _guarded.

    def _guarded(self, action, *arguments):
        if not self.enabled:
            return False
        with self._lock:
            return self._try(action, *arguments) is not False

    def _try(self, action, *arguments):
        try:
            return action(*arguments)
        except Exception as failure:  # a trainer must never end because it could not be counted
            self._warn(failure)
            return False

    def _warn(self, failure):
        if not self._warned:
            self._warned = True
            try:
                sys.stderr.write("flopledger: a line was not written, and this is said once: %r\n" % (failure,))
            except Exception:
                pass

    def _begin(self):
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        if not self._fixed:
            least = restart_count() if self.attempt is None else self.attempt + 1
            while not self._reserve(least):
                least += 1
            self.attempt = least
        self._part = 0
        self._last_step = None
        self._open()

    def _name(self, attempt):
        safe = re.sub(r"[^A-Za-z0-9._-]", "_", self.run)[:80].lstrip(".")
        told = hashlib.sha256(("%s\0%s" % (self.run, self.source)).encode("utf-8", "replace")).hexdigest()[:8]
        return os.path.join(self._folder, "%s-%s.%d" % (safe, told, attempt))

    def _reserve(self, attempt):
        """The file stays when lines are rotated away, so that no later start takes this number."""
        try:
            os.close(os.open(self._name(attempt) + ".attempt", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            return True
        except FileExistsError:
            return False

    def _open(self):
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        self._path = "%s.%d.jsonl" % (self._name(self.attempt), self._part)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        size = os.fstat(self._descriptor).st_size
        # A fixed attempt goes on in a file whose last writer may have been killed in the middle of a line.
        self._torn = size > 0 and os.pread(self._descriptor, 1, size - 1) != b"\n"
        for line in self._descriptions:
            self._write(line)

    def _record(self, step, facts):
        now = time.time_ns() // 1000
        step = int(step)
        if self._last_step is not None and step < self._last_step and not self._fixed:
            self._begin()
        unknown = set(facts) - FIELDS
        if unknown:
            raise TypeError("no such fact of a step: " + ", ".join(sorted(unknown)))
        line = {"v": VERSION, "run": self.run, "attempt": self.attempt, "step": step, "source": self.source,
                "stage": self.stage, "ended_at": now}
        if self.model is not None:
            line["model"] = self.model
        for name, value in facts.items():
            if value is None:
                continue
            if name in COUNTS or name in ("started_at", "ended_at"):
                line[name] = str(int(value)) if name == "reported_flop" else int(value)
            elif name in REALS:
                line[name] = float(value)
            else:
                line[name] = bool(value) if name == "moe" else str(value)
        if self.lost:
            line["lost"] = self.lost
        self._last_step = step
        self._append(json.dumps(line, separators=(",", ":"), allow_nan=False))
        return True

    def _describe(self, model, told):
        told = {name: _plain(value) for name, value in told.items() if value is not None}
        text = json.dumps(told, sort_keys=True, separators=(",", ":"), allow_nan=False)
        # The key holds what it stands for: another description is another model.
        self.model = "%s-%s" % (model or "model", hashlib.sha256(text.encode()).hexdigest()[:12])
        line = {"v": VERSION, "type": "model", "run": self.run, "stage": self.stage, "model": self.model}
        line.update(told)
        encoded = json.dumps(line, separators=(",", ":"), allow_nan=False)
        if encoded not in self._descriptions:
            self._descriptions.append(encoded)
            self._append(encoded)
        return True

    def _append(self, line):
        self._kept.append(line)
        if len(self._kept) > KEPT_LINES:
            self._kept.pop(0)
            self.lost += 1
        self._flush()

    def _flush(self):
        if self._descriptor is None:
            self._open()
        held = os.fstat(self._descriptor)
        if held.st_nlink == 0:  # somebody deleted the file under us
            self._open()
        elif held.st_size >= self.max_bytes:
            self._part += 1
            self._open()
        while self._kept:
            self._write(self._kept[0])
            self._kept.pop(0)
        if self.durable:
            os.fsync(self._descriptor)

    def _write(self, line):
        data = (("\n" if self._torn else "") + line + "\n").encode("utf-8", "replace")
        self._torn = True  # until all of it is written
        written = os.write(self._descriptor, data)
        if written != len(data):
            raise OSError("wrote %d of %d bytes" % (written, len(data)))
        self._torn = False


class StepCounter:
    """Adds up the token batches that go through a model between two optimizer steps."""

    def __init__(self, exact_lengths=False):
        self.exact_lengths = exact_lengths
        self.clear()

    def clear(self):
        self.tokens = self.padding = self.sequences = self.squares = 0
        self.batches = 0
        self.started = time.time_ns() // 1000

    def add(self, batch):
        """Adds a dictionary with input_ids, or a batch of token ids itself; of anything else nothing is known."""
        ids = batch.get("input_ids") if hasattr(batch, "get") else batch
        shape = tuple(getattr(ids, "shape", ()))
        self.batches += 1
        if len(shape) != 2 or (hasattr(batch, "get") and batch.get("decoder_input_ids") is not None):
            self.tokens = self.squares = self.sequences = self.padding = None
            return
        rows, length = int(shape[0]), int(shape[1])
        mask = batch.get("attention_mask") if hasattr(batch, "get") else None
        packed = None
        if hasattr(batch, "get"):
            bounds = batch.get("cu_seq_lens_q")
            positions = batch.get("position_ids")
            if bounds is not None:
                packed = self._read(bounds, lambda t: [b - a for a, b in zip(t.tolist(), t.tolist()[1:])])
            elif positions is not None and mask is None and rows == 1:
                packed = self._read(positions, lambda t: self._between_zeros(t.reshape(-1).tolist()))
            else:
                packed = [length] * rows
        else:
            packed = [length] * rows
        self._sum("tokens", rows * length)
        self._sum("sequences", None if packed is None else len(packed))
        self._sum("squares", None if packed is None else sum(each * each for each in packed))
        unread = mask is not None and len(getattr(mask, "shape", ())) == 2
        self._sum("padding", self._read(mask, lambda t: rows * length - int((t != 0).sum())) if unread else 0)

    def _read(self, tensor, reader):
        """Reads values, not on a device unless asked to: that would wait for the device."""
        device = str(getattr(tensor, "device", "cpu"))
        return reader(tensor) if device == "cpu" or self.exact_lengths else None

    @staticmethod
    def _between_zeros(positions):
        starts = [i for i, position in enumerate(positions) if position == 0 or i == 0] + [len(positions)]
        return [b - a for a, b in zip(starts, starts[1:])]

    def _sum(self, name, value):
        known = getattr(self, name)
        setattr(self, name, None if known is None or value is None else known + value)

    def facts(self):
        if self.batches == 0:
            return {"started_at": self.started}
        return {"tokens": self.tokens, "padding_tokens": self.padding, "sequences": self.sequences,
                "squared_lengths": self.squares, "started_at": self.started}


def _per_rank(spool_or_folder, run, options):
    """Ranks see their own batches only, so each writes a source of its own; they add up."""
    if isinstance(spool_or_folder, Spool):
        return spool_or_folder
    options.setdefault("source", "rank-%d" % global_rank())
    options.setdefault("enabled", True)
    return Spool(spool_or_folder, run, **options)


def _parameters(model):
    """Returns total and trainable parameters of a torch module; shards of FSDP and ZeRO do not tell."""
    total = trainable = 0
    for parameter in model.parameters():
        count = getattr(parameter, "ds_numel", None) or parameter.numel()
        if "Params4bit" in type(parameter).__name__ or type(parameter).__name__ == "DTensor":
            return None, None
        total += count
        trainable += count if parameter.requires_grad else 0
    return total, trainable


def describe_transformers(spool, model, recompute=None):
    """Describes a transformers model, with its PEFT method if it has one."""
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    adapters = getattr(model, "peft_config", None) if hasattr(model, "get_base_model") else None
    adapter = next(iter(adapters.values())).to_dict() if adapters and len(adapters) == 1 else None
    if adapters and len(adapters) != 1:
        base = None
    total, trainable = _parameters(model)
    config = base.config.to_dict() if base is not None and hasattr(base, "config") else None
    if config is not None and not config.get("architectures"):
        config["architectures"] = [type(base).__name__]
    spool.describe(model=(config or {}).get("model_type"), config=config, adapter=adapter, total_parameters=total,
                   trainable_parameters=trainable, recompute=recompute)


def transformers_callback(folder, run, stage="SUPERVISED_FINE_TUNING", exact_lengths=False, data_parallel=True, **options):
    """Returns a TrainerCallback: Trainer(..., callbacks=[transformers_callback("spool/", run="support-chat")]).

    Every process writes what went through its own model. With tensor, pipeline or sequence parallelism several processes see the
    same tokens: pass data_parallel=False then, and tokens are not told. exact_lengths reads padding and packed lengths from
    tensors on a device, which waits for it.
    """
    from transformers import TrainerCallback

    class FlopLedgerCallback(TrainerCallback):
        def __init__(self):
            self.spool = None
            self.counter = StepCounter(exact_lengths)
            self.hook = None

        def on_train_begin(self, args, state, control, model=None, **_):
            if self.spool is not None:
                self.spool.close()
            self.spool = _per_rank(folder, run, dict(options, stage=stage))
            self.spool._try(self._attach, args, model)

        def _attach(self, args, model):
            describe_transformers(self.spool, model, self._recompute(args))
            if data_parallel:
                self.hook = model.register_forward_pre_hook(self._before, with_kwargs=True)

        @staticmethod
        def _recompute(args):
            if not getattr(args, "gradient_checkpointing", False):
                return "none"
            reentrant = (getattr(args, "gradient_checkpointing_kwargs", None) or {}).get("use_reentrant")
            return None if reentrant is None else "full-reentrant" if reentrant else "full"

        def _before(self, module, positional, named):
            self.spool._try(self._count, module, positional, named)

        def _count(self, module, positional, named):
            import torch
            if module.training and torch.is_grad_enabled():
                self.counter.add(named if "input_ids" in named or not positional else positional[0])

        def on_step_begin(self, args, state, control, **_):
            self.counter.clear()

        def on_step_end(self, args, state, control, **_):
            facts = self.spool._try(self.counter.facts) or {}
            self.spool.record(state.global_step, **facts)

        def on_train_end(self, args, state, control, **_):
            if self.hook is not None:
                self.hook.remove()
                self.hook = None
            self.spool.close()

    return FlopLedgerCallback()


def lightning_callback(folder, run, stage="PRETRAINING", count=None, describe=None, exact_lengths=False, **options):
    """Returns a Lightning Callback.

    count     function of a batch that returns a dictionary with input_ids or the token ids; the batch itself without it
    describe  function of (spool, LightningModule) that calls spool.describe
    """
    try:
        from lightning.pytorch.callbacks import Callback
    except ImportError:
        from pytorch_lightning.callbacks import Callback

    class FlopLedgerCallback(Callback):
        def __init__(self):
            self.spool = None
            self.counter = StepCounter(exact_lengths)
            self.step = 0

        def on_train_start(self, trainer, pl_module):
            self.spool = _per_rank(folder, run, dict(options, stage=stage))
            if describe is not None:
                self.spool._try(describe, self.spool, pl_module)
            self.step = trainer.global_step
            self.counter.clear()

        def on_train_batch_start(self, trainer, pl_module, batch, batch_idx):
            self.spool._try(lambda: self.counter.add(batch if count is None else count(batch)))

        def on_train_batch_end(self, trainer, pl_module, outputs, batch, batch_idx):
            if trainer.global_step > self.step:
                self.step = trainer.global_step
                self.spool.record(self.step, **(self.spool._try(self.counter.facts) or {}))
                self.counter.clear()

        def on_train_end(self, trainer, pl_module):
            self.spool.close()

    return FlopLedgerCallback()


def record_megatron(spool, iteration, args, num_microbatches):
    """Records an iteration of Megatron-LM's training loop; call it after train_step, on every rank: rank 0 writes."""
    sequences = args.micro_batch_size * args.data_parallel_size * num_microbatches
    length = args.seq_length
    return spool.record(iteration, sequences=sequences, tokens=sequences * length,
                        squared_lengths=sequences * length * length, devices=args.world_size)


def record_torchtitan(spool, step, global_batch_size, seq_len, world_size):
    """Records a step of torchtitan, whose sequences are packed: their own lengths are not told."""
    return spool.record(step, tokens=global_batch_size * seq_len, devices=world_size)


def record_verl(spool, metrics, generated_tokens=None, world_size=None):
    """Records a step of verl from the dictionary of metrics that it logs; generated_tokens is the sum of the response mask."""
    return spool.record(metrics["training/global_step"], tokens=metrics.get("perf/total_num_tokens"),
                        generated_tokens=generated_tokens, devices=world_size)
