import sys

import lightning
import torch

from flopledger_spool import lightning_callback


class Model(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(50, 8)
        self.head = torch.nn.Linear(8, 50)
        self.tokens = 0

    def training_step(self, batch, index):
        self.tokens += batch["input_ids"].numel()
        out = self.head(self.embedding(batch["input_ids"]))
        return torch.nn.functional.cross_entropy(out.reshape(-1, 50), batch["input_ids"].reshape(-1))

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


def main(folder):
    torch.manual_seed(2)
    data = [{"input_ids": torch.randint(0, 50, (12,))} for _ in range(40)]
    model = Model()
    trainer = lightning.Trainer(max_steps=7, accumulate_grad_batches=2, logger=False, enable_checkpointing=False,
                                enable_progress_bar=False, enable_model_summary=False, accelerator="cpu",
                                callbacks=[lightning_callback(folder, run="light")])
    trainer.fit(model, torch.utils.data.DataLoader(data, batch_size=2))
    print("TRUTH light.steps", trainer.global_step)
    print("TRUTH light.tokens", model.tokens)


main(sys.argv[1])
