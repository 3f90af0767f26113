"""The pieces of work that are timed: a training step and a forward pass."""

import contextlib

import torch
import torch.nn.functional as F

from muon import Muon

IMAGES = 2048


class Mode:
    """How a PyTorch user may run a network: layout, compiler, precision; "channels-last-compiled-bf16"."""

    def __init__(self, name):
        parts = set(name.replace("channels-last", "channels_last").split("-"))
        unknown = parts - {"eager", "compiled", "channels_last", "bf16"}
        if unknown:
            raise ValueError(f"mode {name}: {', '.join(sorted(unknown))} is not known")
        self.layout = torch.channels_last if "channels_last" in parts else torch.contiguous_format
        self.compiles = "compiled" in parts
        self.halves = "bf16" in parts

    def laid_out(self, images):
        return images.contiguous(memory_format=self.layout)

    def precision(self):
        return torch.autocast("cpu", dtype=torch.bfloat16) if self.halves else contextlib.nullcontext()

    def network(self, folder):
        return folder.network().to(memory_format=self.layout)

    def compiled(self, network):
        return torch.compile(network) if self.compiles else network


def optimizer(network, recipe):
    if recipe["optimizer"] == "muon":
        return Muon(network, recipe)
    return torch.optim.Adam(network.parameters(), lr=recipe["rate"], betas=(recipe["beta1"], recipe["beta2"]),
                            eps=recipe["stabilizer"], fused=True)


def target(prediction, x0, noise, signal, sigma):
    if prediction == "epsilon":
        return noise
    if prediction == "v":
        return signal * noise - sigma * x0
    raise ValueError(f"prediction is {prediction}; allowed: epsilon, v")


class TrainingWork:
    """Batch, noise, loss, gradient, clipping, optimizer, moving average."""

    def __init__(self, folder, mode, network):
        self.recipe, self.mode = folder.recipe, mode
        self.network = mode.compiled(network.train())
        self.parameters = list(network.parameters())
        self.average = [p.detach().clone() for p in self.parameters]
        self.optimizer = optimizer(network, self.recipe)
        self.images = torch.randint(0, 256, folder.shape(IMAGES), dtype=torch.uint8)
        self.alpha_bar = torch.tensor(self.recipe["alpha_bar"])

    def once(self):
        count = self.recipe["batch"]
        x0 = self.images[torch.randint(0, IMAGES, (count,))].float() / 127.5 - 1
        time = torch.randint(1, len(self.alpha_bar), (count,))
        noise = torch.randn_like(x0)
        kept = self.alpha_bar[time][:, None, None, None]
        signal, sigma = kept.sqrt(), (1 - kept).sqrt()
        wanted = target(self.recipe["prediction"], x0, noise, signal, sigma)
        self.optimizer.zero_grad()
        with self.mode.precision():
            answer = self.network(self.mode.laid_out(signal * x0 + sigma * noise), time - 1)
            loss = F.mse_loss(answer.float(), wanted)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, self.recipe["clip"], foreach=True)
        self.optimizer.step()
        torch._foreach_lerp_(self.average, [p.detach() for p in self.parameters], 1 - self.recipe["ema_decay"])
        return loss.item()


class ForwardWork:
    """One prediction for a batch of noise."""

    def __init__(self, folder, mode, network):
        self.mode = mode
        self.network = mode.compiled(network.eval())
        count = folder.recipe["batch"]
        self.x = mode.laid_out(torch.randn(folder.shape(count)))
        self.time = torch.full((count,), 500)

    @torch.inference_mode()
    def once(self):
        with self.mode.precision():
            return self.network(self.x, self.time)


def difference(actual, expected):
    """The largest difference, relative to the largest number that is expected."""
    return ((actual - expected).abs().max() / expected.abs().max()).item()


def check(folder, mode):
    """How far the network's answer, its loss and its gradient are from what the folder holds."""
    expected = folder.answers()
    network = mode.network(folder).eval()
    answer = network(mode.laid_out(expected["x"]), expected["time"])
    loss = F.mse_loss(answer, expected["noise"])
    loss.backward()
    norm = torch.linalg.vector_norm(torch.stack([p.grad.norm() for p in network.parameters()]))
    return {"answer": difference(answer, expected["answer"]),
            "loss": difference(loss, expected["loss"]),
            "gradient_norm": difference(norm, expected["gradient_norm"])}
