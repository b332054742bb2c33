import sys

import torch
from peft import LoraConfig, get_peft_model
from torch.utils.flop_counter import FlopCounterMode
from transformers import LlamaConfig, LlamaForCausalLM, Trainer, TrainerCallback, TrainingArguments

from flopledger_spool import transformers_callback

CONFIG = dict(vocab_size=96, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
              num_key_value_heads=2, max_position_embeddings=64, tie_word_embeddings=False, attn_implementation="eager")


def collate(rows):
    longest = max(len(row["input_ids"]) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest, dtype=torch.long)
    for i, row in enumerate(rows):
        ids[i, :len(row["input_ids"])] = torch.tensor(row["input_ids"])
        mask[i, :len(row["input_ids"])] = 1
    return {"input_ids": ids, "attention_mask": mask, "labels": ids.clone()}


class Truth(TrainerCallback):
    """Counts what really went through the model, by the tensors of its embedding, and torch's own counter of products."""

    def __init__(self):
        self.tokens = self.squares = self.sequences = self.steps = self.positions = 0

    def on_train_begin(self, args, state, control, model=None, **_):
        self.hook = model.get_input_embeddings().register_forward_hook(self.seen)

    def seen(self, module, inputs, output):
        if torch.is_grad_enabled():
            rows, length = inputs[0].shape
            self.tokens += rows * length
            self.squares += rows * length * length
            self.sequences += rows
            self.positions += length

    def on_step_end(self, args, state, control, **_):
        self.steps += 1

    def on_train_end(self, args, state, control, **_):
        self.hook.remove()


def train(run, folder, steps, accumulation, lora=False, evaluate=False):
    torch.manual_seed(1)
    model = LlamaForCausalLM(LlamaConfig(**CONFIG))
    if lora:
        model = get_peft_model(model, LoraConfig(r=4, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM"))
    real = []

    def watch(module, positional, named):
        if torch.is_grad_enabled():
            real.append(int(named["attention_mask"].sum()))

    model.register_forward_pre_hook(watch, with_kwargs=True)
    lengths = [int(n) for n in torch.randint(5, 40, (64,))]
    data = [{"input_ids": torch.randint(1, 96, (n,)).tolist()} for n in lengths]
    truth = Truth()
    arguments = TrainingArguments(output_dir=folder + "-out-" + run, max_steps=steps, per_device_train_batch_size=4,
                                  gradient_accumulation_steps=accumulation, report_to=[], use_cpu=True, save_strategy="no",
                                  disable_tqdm=True, eval_strategy="steps" if evaluate else "no", eval_steps=1)
    trainer = Trainer(model=model, args=arguments, train_dataset=data, eval_dataset=data[:4], data_collator=collate,
                      callbacks=[transformers_callback(folder, run=run), truth])
    with FlopCounterMode(display=False) as counter:
        trainer.train()
    print("TRUTH", run + ".steps", truth.steps)
    print("TRUTH", run + ".tokens", truth.tokens)
    print("TRUTH", run + ".squares", truth.squares)
    print("TRUTH", run + ".sequences", truth.sequences)
    print("TRUTH", run + ".padding", truth.tokens - sum(real))
    # The products that make rotary positions are 0 by our convention: 2 for each half of a head and position.
    rotary = 2 * (CONFIG["hidden_size"] // CONFIG["num_attention_heads"] // 2) * truth.positions
    print("TRUTH", run + ".counted", counter.get_total_flops() - rotary)


def main(folder):
    train("full", folder, 5, 2)
    train("lora", folder, 5, 2, lora=True)
    for _ in range(2):
        train("again", folder, 2, 1, evaluate=True)


main(sys.argv[1])
