"""What diffusion4j writes for the peer: a model folder, the recipe, and answers to check."""

import json
import pathlib

import torch

from unet import UNet

TYPES = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}


def read_tensors(file):
    """The tensors of a safetensors file, by name."""
    data = bytearray(pathlib.Path(file).read_bytes())
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            begin, end = (start + offset for offset in entry["data_offsets"])
            flat = torch.frombuffer(data[begin:end], dtype=TYPES[entry["dtype"]])
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


class Folder:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.config = json.loads((self.path / "unet" / "config.json").read_text())
        self.recipe = json.loads((self.path / "recipe.json").read_text())

    def network(self):
        network = UNet(self.config)
        network.load_state_dict(read_tensors(self.path / "unet" / "diffusion_pytorch_model.safetensors"))
        return network

    def answers(self):
        return read_tensors(self.path / "answers.safetensors")

    def shape(self, count):
        size = self.config["sample_size"]
        return (count, self.config["in_channels"], size, size)
