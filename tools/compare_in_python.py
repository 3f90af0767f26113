#!/usr/bin/env python3
"""Opens a model that diffusion4j wrote, asks PyTorch for its answers, and compares them.

    ./diffusion4j export --model runs/quickstart --format answers --out answers.safetensors
    python3 tools/compare_in_python.py runs/quickstart answers.safetensors

The model is a run directory (its latest checkpoint), a checkpoint, or a folder of diffusers, as
for the option --model. Ends with 0 if the answers agree, 1 if not, 2 if the input is unusable.

Needs torch and numpy. With diffusers installed its UNet2DModel opens the folder; without it the
network is computed here from the configuration and the weights, for the ordinary options.
"""

import json
import math
import pathlib
import sys

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
except ImportError as missing:
    sys.exit(f"error: {missing}; needed: pip install torch numpy")

ALLOWED = "allowed: a checkpoint, a run directory, or a folder of Hugging Face diffusers"
TYPES = {"F64": np.float64, "F32": np.float32, "F16": np.float16, "I64": np.int64, "I32": np.int32}
ACTIVATIONS = {"silu": F.silu, "swish": F.silu, "mish": F.mish, "gelu": F.gelu, "relu": F.relu}
TOLERANCE = 1e-5


def refuse(message):
    """Ends with one line and the exit code of unusable input."""
    print(f"error: {message}", file=sys.stderr)
    sys.exit(2)


def read(file):
    """The tensors of a safetensors file, by name."""
    try:
        data = pathlib.Path(file).read_bytes()
    except OSError as failure:
        refuse(f"{file}: {failure.strerror}")
    try:
        start = 8 + int.from_bytes(data[:8], "little")
        tensors = {}
        for name, entry in json.loads(data[8:start]).items():
            if name != "__metadata__":
                begin, end = entry["data_offsets"]
                values = np.frombuffer(data[start + begin:start + end], TYPES[entry["dtype"]])
                tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
        return tensors
    except KeyError as failure:
        refuse(f"{file}: {failure} is unknown; allowed: {', '.join(TYPES)}")
    except (ValueError, AttributeError, TypeError):
        refuse(f"{file} is no safetensors file, or is cut off")


def named(checkpoints, pointer):
    """The checkpoint that the file `latest` or `best` names, if it is there."""
    file = checkpoints / pointer
    folder = checkpoints / file.read_text().strip() if file.is_file() else None
    return folder if folder and folder.is_dir() and folder != checkpoints else None


def latest(path):
    """The folder that the model's path stands for."""
    if path.is_file() and path.name == "best" and named(path.parent, "best"):
        return named(path.parent, "best")
    if not path.is_dir():
        refuse(f"model {path} {'is a file' if path.exists() else 'does not exist'}; {ALLOWED}")
    for checkpoints in (path / "checkpoints", path):
        steps = sorted(folder for folder in checkpoints.glob("step-*") if folder.is_dir())
        newest = named(checkpoints, "latest") or (steps[-1] if steps else None)
        if newest:
            return newest
    if (path / "checkpoints").is_dir():
        refuse(f"the run directory {path} has no complete checkpoint yet")
    return path


def network_folder(path):
    """The pipeline folder and its configuration; only a U-Net of diffusers can be computed here."""
    folder = latest(path)
    file = folder / "unet" / "config.json"
    if not file.is_file():
        index = folder / "model_index.json"
        what = json.loads(index.read_text()).get("_class_name") if index.is_file() else "no model"
        refuse(f"{folder} is {what}, without unet/config.json; {ALLOWED}, with a U-Net")
    config = json.loads(file.read_text())
    if config.get("_class_name") != "UNet2DModel":
        refuse(f"{file}: _class_name is {config.get('_class_name')}; allowed: UNet2DModel")
    return folder, config


class PlainUNet:
    """UNet2DModel as a function of its configuration and its state dict."""

    def __init__(self, config, weights):
        self.config, self.weights = config, weights
        for option, plain in (("time_embedding_type", "positional"), ("center_input_sample", False),
                              ("downsample_type", "conv"), ("upsample_type", "conv"),
                              ("class_embed_type", None)):
            if config.get(option, plain) != plain:
                refuse(f"{option} is {config[option]}: install diffusers to compare this network")
        for kind in config["down_block_types"] + config["up_block_types"]:
            if kind not in ("DownBlock2D", "AttnDownBlock2D", "UpBlock2D", "AttnUpBlock2D"):
                refuse(f"{kind}: install diffusers to compare this network")

    def linear(self, name, x):
        return F.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def conv(self, name, x, **options):
        return F.conv2d(x, self.weights[name + ".weight"], self.weights[name + ".bias"], **options)

    def norm(self, name, x, groups=None):
        groups = groups or self.config["norm_num_groups"]
        weight, bias = self.weights[name + ".weight"], self.weights[name + ".bias"]
        return F.group_norm(x, groups, weight, bias, self.config["norm_eps"])

    def activated(self, x):
        return ACTIVATIONS[self.config["act_fn"]](x)

    def residual(self, name, x, time, scale=1.0):
        h = self.conv(name + ".conv1", self.activated(self.norm(name + ".norm1", x)), padding=1)
        told = self.linear(name + ".time_emb_proj", self.activated(time))[:, :, None, None]
        if self.config["resnet_time_scale_shift"] == "scale_shift":
            factor, shift = told.chunk(2, dim=1)
            h = self.norm(name + ".norm2", h) * (1 + factor) + shift
        else:
            h = self.norm(name + ".norm2", h + told)
        h = self.conv(name + ".conv2", self.activated(h), padding=1)
        return ((self.conv(name + ".conv_shortcut", x) if name + ".conv_shortcut.weight" in self.weights else x) + h) / scale

    def attention(self, name, x, groups, scale=1.0):
        n, c, height, width = x.shape
        h = x.reshape(n, c, -1)
        if name + ".group_norm.weight" in self.weights:
            h = self.norm(name + ".group_norm", h, groups)
        heads = c // (self.config["attention_head_dim"] or c)
        q, k, v = (self.linear(f"{name}.to_{part}", h.transpose(1, 2)).reshape(n, height * width, heads, -1).transpose(1, 2)
                   for part in "qkv")
        h = F.scaled_dot_product_attention(q, k, v) if hasattr(F, "scaled_dot_product_attention") else (
            torch.softmax(q @ k.transpose(2, 3) / math.sqrt(q.shape[3]), dim=3) @ v)
        h = self.linear(name + ".to_out.0", h.transpose(1, 2).reshape(n, height * width, c))
        return (h.transpose(1, 2).reshape(x.shape) + x) / scale

    def time(self, time):
        half = self.config["block_out_channels"][0] // 2
        exponent = -math.log(10000) * torch.arange(half, dtype=torch.float32) / (half - self.config["freq_shift"])
        angles = time[:, None].float() * torch.exp(exponent)[None]
        parts = [torch.sin(angles), torch.cos(angles)]
        features = torch.cat(parts[::-1] if self.config["flip_sin_to_cos"] else parts, dim=1)
        h = F.silu(self.linear("time_embedding.linear_1", features))
        return self.linear("time_embedding.linear_2", h)

    def blocks(self, name, h, time, index):
        h = self.residual(f"{name}.resnets.{index}", h, time)
        if f"{name}.attentions.{index}.to_q.weight" in self.weights:
            h = self.attention(f"{name}.attentions.{index}", h, self.config["norm_num_groups"])
        return h

    def __call__(self, x, time, labels=None):
        config = self.config
        time = self.time(time)
        if labels is not None:
            time = time + self.weights["class_embedding.weight"][labels]
        h = self.conv("conv_in", x, padding=1)
        skips = [h]
        levels = len(config["block_out_channels"])
        for level in range(levels):
            name = f"down_blocks.{level}"
            for index in range(config["layers_per_block"]):
                h = self.blocks(name, h, time, index)
                skips.append(h)
            if level < levels - 1:
                padded = h if config["downsample_padding"] else F.pad(h, (0, 1, 0, 1))
                h = self.conv(name + ".downsamplers.0.conv", padded, stride=2, padding=config["downsample_padding"])
                skips.append(h)
        h = self.middle(h, time)
        for level in range(levels):
            name = f"up_blocks.{level}"
            for index in range(config["layers_per_block"] + 1):
                h = self.blocks(name, torch.cat([h, skips.pop()], dim=1), time, index)
            if level < levels - 1:
                h = self.conv(name + ".upsamplers.0.conv", F.interpolate(h, scale_factor=2.0), padding=1)
        return self.conv("conv_out", F.silu(self.norm("conv_norm_out", h)), padding=1)

    def middle(self, h, time):
        if "mid_block.resnets.0.conv1.weight" not in self.weights:
            return h
        scale = self.config["mid_block_scale_factor"]
        h = self.residual("mid_block.resnets.0", h, time, scale)
        if "mid_block.attentions.0.to_q.weight" in self.weights:
            groups = self.config["attn_norm_num_groups"] or self.config["norm_num_groups"]
            h = self.attention("mid_block.attentions.0", h, groups, scale)
        return self.residual("mid_block.resnets.1", h, time, scale)


def answers(folder, config, x, time, labels):
    """Who computes, and what UNet2DModel answers."""
    try:
        from diffusers import UNet2DModel
    except ImportError:
        network = PlainUNet(config, read(folder / "unet" / "diffusion_pytorch_model.safetensors"))
        return "plain PyTorch", network(x, time, labels)
    network = UNet2DModel.from_pretrained(folder, subfolder="unet").eval()
    return "diffusers", network(x, time, class_labels=labels).sample


def main():
    if len(sys.argv) != 3:
        refuse("two arguments are needed: MODEL ANSWERS.safetensors (of export --format answers)")
    folder, config = network_folder(pathlib.Path(sys.argv[1]))
    expected = read(sys.argv[2])
    for name in ("x", "time", "answer"):
        if name not in expected:
            refuse(f"{sys.argv[2]} has no tensor {name}; allowed: a file of export --format answers")
    if expected["x"].shape[1] != config["in_channels"]:
        refuse(f"{sys.argv[2]} has images of {expected['x'].shape[1]} channels, the network of "
               f"{config['in_channels']}; allowed: the answers of this model")
    with torch.no_grad():
        who, actual = answers(folder, config, expected["x"], expected["time"], expected.get("labels"))
    largest = expected["answer"].abs().max().item()
    difference = (actual - expected["answer"]).abs().max().item()
    print(f"{who}, torch {torch.__version__}: {tuple(actual.shape)}, largest answer {largest:.4f}, "
          f"largest difference {difference:.2e}")
    if not difference <= TOLERANCE * max(1.0, largest):
        sys.exit("error: not the same")


if __name__ == "__main__":
    main()
