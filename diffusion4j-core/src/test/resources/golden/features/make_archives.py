"""Makes the TorchScript archives beside this one; PROVENANCE.md says with which version."""
import os

import torch
from torch import Tensor, nn

HERE = os.path.dirname(os.path.abspath(__file__))


class Layers(nn.Module):
    """Features of normalized pictures of 299 x 299: means over quarters, of each channel."""

    def forward(self, x: Tensor) -> Tensor:
        assert x.shape[2] == 299 and x.shape[3] == 299
        return nn.functional.adaptive_avg_pool2d(x, (2, 2)).reshape(x.shape[0], 12, 1, 1)


class Published(nn.Module):
    """Called like inception-2015-12-05.pt, and as small as can be."""

    def __init__(self):
        super().__init__()
        self.layers = Layers()
        self.register_buffer("weight", torch.arange(60).reshape(12, 5) / 30 - 1)

    def forward(self, img: Tensor, return_features: bool = False, use_fp16: bool = False,
                no_output_bias: bool = False) -> Tensor:
        theta = torch.eye(2, 3)
        theta[0, 2] += 1 / img.shape[3] - 1 / 299
        theta[1, 2] += 1 / img.shape[2] - 1 / 299
        grid = nn.functional.affine_grid(theta.repeat(img.shape[0], 1, 1), [img.shape[0], img.shape[1], 299, 299], False)
        x = nn.functional.grid_sample(img, grid, mode="bilinear", padding_mode="border", align_corners=False)
        features = self.layers((x - 128) / 128).reshape(img.shape[0], 12)
        if return_features:
            return features
        logits = features @ self.weight
        if not no_output_bias:
            logits = logits + torch.arange(5) / 2  # not the same for all, or the softmax forgets it
        return logits.softmax(1)


class Pair(nn.Module):
    """Features and logits of gray pictures of 28 x 28."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        assert x.shape[1] == 1 and x.shape[2] == 28
        features = x.mean(3)[:, 0]
        return features, features[:, :10] / 10


class Single(nn.Module):
    """Features alone: means of the channels."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


class Columns(nn.Module):
    """Features of pictures of some sizes only: means of the columns, as many as there are."""

    def forward(self, x: Tensor) -> Tensor:
        assert x.shape[2] % 48 == 0 and x.shape[3] % 48 == 0
        return x.mean((1, 2))


class Text(nn.Module):
    """No feature network: it answers a text."""

    def forward(self, x: Tensor) -> str:
        return "no"


if __name__ == "__main__":
    for module in [Published(), Pair(), Single(), Columns(), Text()]:
        name = type(module).__name__.lower() + ".pt"
        torch.jit.save(torch.jit.script(module.eval()), os.path.join(HERE, name))
