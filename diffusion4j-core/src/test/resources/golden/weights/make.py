"""Makes the files of this folder from ../unet/tiny; run with PyTorch installed: python make.py"""

import collections
import json
import pathlib
import struct

import torch

source = pathlib.Path("../unet/tiny/diffusion_pytorch_model.safetensors").read_bytes()
(length,) = struct.unpack("<Q", source[:8])
header = json.loads(source[8 : 8 + length])
header.pop("__metadata__", None)
weights = collections.OrderedDict()
for name, entry in header.items():
    begin, end = (8 + length + offset for offset in entry["data_offsets"])
    weights[name] = torch.frombuffer(bytearray(source[begin:end]), dtype=torch.float32).reshape(entry["shape"]).clone()

torch.save(weights, "diffusion_pytorch_model.bin")
torch.save({n: w.half() for n, w in weights.items()}, "diffusion_pytorch_model.fp16.bin")
torch.save(
    {n: w.bfloat16() for n, w in weights.items()},
    "diffusion_pytorch_model.bf16.bin",
    _use_new_zipfile_serialization=False,
)
print(torch.__version__)
