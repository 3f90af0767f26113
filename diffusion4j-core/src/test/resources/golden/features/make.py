"""Makes the files beside this one; PROVENANCE.md says with which versions.

Weights come from a formula, so that no file of weights is needed; tests repeat it.
"""
import json
import math
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
MASK = (1 << 64) - 1


def noise(number, count):
    """Numbers in [0, 1): a hash of the index, the same in every language."""
    h = np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    h += np.uint64((number + 1) * 0xBF58476D1CE4E5B9 & MASK)
    h ^= h >> np.uint64(30)
    h *= np.uint64(0xBF58476D1CE4E5B9)
    h ^= h >> np.uint64(27)
    h *= np.uint64(0x94D049BB133111EB)
    h ^= h >> np.uint64(31)
    return (h >> np.uint64(40)).astype(np.float64) / (1 << 24)


def weights(shapes):
    """A value for each parameter, by the order of the names."""
    made = {}
    for number, name in enumerate(sorted(n for n in shapes if not n.endswith("num_batches_tracked"))):
        shape = shapes[name]
        u = noise(number, math.prod(shape))
        if name.endswith("running_var") or (len(shape) == 1 and name.endswith("weight")):
            value = u + 0.5
        elif len(shape) == 1:
            value = (u - 0.5) * 0.5
        else:
            value = (2 * u - 1) * math.sqrt(6 / math.prod(shape[1:]))
        made[name] = torch.from_numpy(value.astype(np.float32).reshape(shape))
    return made


def pictures(count, channels, height, width):
    """Pictures with edges and slopes, in whole gray levels."""
    n, c, y, x = np.ogrid[:count, :channels, :height, :width]
    return torch.from_numpy((x * x * (c + 1) + 3 * y * y + 5 * x * y + 17 * n) % 256).float()


def shapes(model):
    return {name: tuple(value.shape) for name, value in model.state_dict().items()}


def some(rows, count=24):
    """Sum and mean square of each row, and some of its numbers."""
    step = rows.shape[1] // count
    return [
        {
            "sum": float(row.double().sum()),
            "square": float(row.double().square().mean()),
            "step": step,
            "values": [float(v) for v in row[: step * count : step]],
        }
        for row in rows
    ]


class Block(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(i, o, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(o)
        self.conv2 = nn.Conv2d(o, o, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(o)
        self.stride, self.pad = stride, (o - i) // 2

    def forward(self, x):
        h = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        s = self.stride
        return F.relu(h + F.pad(x[:, :, ::s, ::s], (0, 0, 0, 0, self.pad, self.pad)))


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        stage = lambda i, o, s: nn.Sequential(Block(i, o, s), Block(o, o, 1), Block(o, o, 1))
        self.layer1, self.layer2, self.layer3 = stage(16, 16, 1), stage(16, 32, 2), stage(32, 64, 2)
        self.linear = nn.Linear(64, 10)

    def features(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return self.layer3(self.layer2(self.layer1(h))).mean((2, 3))


def resnet():
    model = ResNet20().eval()
    model.load_state_dict(weights(shapes(model)), strict=False)
    images = pictures(3, 3, 32, 32)
    mean = torch.tensor([0.485, 0.456, 0.406])[None, :, None, None]
    std = torch.tensor([0.229, 0.224, 0.225])[None, :, None, None]
    features = model.features((images / 255 - mean) / std)
    logits = model.linear(features)
    return {"features": some(features), "logits": logits.tolist()}


def tf1(x, height, width):
    """As inception-2015-12-05.pt does it: a grid shifted so that the first pixels meet."""
    theta = torch.eye(2, 3)
    theta[0, 2] += theta[0, 0] / x.shape[3] - theta[0, 0] / width
    theta[1, 2] += theta[1, 1] / x.shape[2] - theta[1, 1] / height
    grid = F.affine_grid(theta.repeat(x.shape[0], 1, 1), [*x.shape[:2], height, width], align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)


def pytorch(x, height, width):
    return F.interpolate(x, size=(height, width), mode="bilinear", align_corners=False)


def clean(x, height, width):
    def one(channel):
        image = Image.fromarray(channel.numpy().astype(np.float32), mode="F")
        return np.asarray(image.resize((width, height), resample=Image.BICUBIC)).clip(0, 255)

    return torch.from_numpy(np.stack([np.stack([one(c) for c in image]) for image in x]))


RESIZES = {"TF1_BILINEAR": tf1, "BILINEAR": pytorch, "PIL_BICUBIC": clean}


def resizes():
    cases = []
    for name, change in RESIZES.items():
        for (h, w), (height, width) in [((5, 7), (11, 13)), ((40, 37), (9, 8)), ((6, 50), (14, 14))]:
            result = change(pictures(1, 1, h, w), height, width)
            cases.append({"resize": name, "from": [h, w], "to": [height, width], "values": result.flatten().tolist()})
        big = change(pictures(1, 3, 32, 24), 299, 299)
        cases.append({"resize": name, "from": [32, 24], "to": [299, 299], "every": 1009,
                      "values": big.flatten()[::1009].tolist()})
    return cases


def inception():
    import pytorch_fid.inception as fid

    state = weights(shapes(fid._inception_v3(num_classes=1008, aux_logits=False, weights=None)))
    fid.load_state_dict_from_url = lambda url, progress: state
    # strict as it is: num_batches_tracked is the only thing that the formula leaves out
    load = nn.Module.load_state_dict
    nn.Module.load_state_dict = lambda self, s: load(self, {**{
        k: v for k, v in self.state_dict().items() if k.endswith("num_batches_tracked")}, **s})
    model = fid.InceptionV3(resize_input=False, normalize_input=False).eval()
    nn.Module.load_state_dict = load
    seen = []
    model.blocks[2][6].branch1x1.register_forward_hook(lambda m, i, o: seen.append(o))
    images = pictures(2, 3, 48, 36)
    inputs = {
        "pytorch": 2 * pytorch(images / 255, 299, 299) - 1,
        "tf": (tf1(images, 299, 299) - 128) / 128,
        "clean": (clean(images, 299, 299) - 128) / 128,
    }
    result = {}
    for protocol, x in inputs.items():
        features = model(x)[0].squeeze(3).squeeze(2)
        spatial = seen.pop()[:, :7].permute(0, 2, 3, 1).flatten(1)
        logits = features @ state["fc.weight"].T
        result[protocol] = {"features": some(features), "spatial": some(spatial), "logits": some(logits)}
    return result


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    for name, made in [("resnet20", resnet), ("resize", resizes), ("inception", inception)]:
        if len(sys.argv) == 1 or name in sys.argv[1:]:
            with open(os.path.join(HERE, name + ".json"), "w") as file:
                text = json.dumps(made())
                file.write(text.replace("}, ", "},\n") + "\n")
