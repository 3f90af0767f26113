"""Makes the files of this folder; run with PyTorch installed: python make.py"""

import argparse
import collections
import os
import pickle

import torch

base = torch.arange(6, dtype=torch.float32).reshape(2, 3)
contents = {
    "step": 7,
    "version": "1.2",
    "rate": 0.125,
    "huge": 2**70,
    "nothing": None,
    "flag": True,
    "opt": {"param_groups": [{"lr": 1e-3, "betas": (0.9, 0.999)}], "state": {0: {"step": torch.tensor(3.0)}}},
    "model": collections.OrderedDict(
        base=base,
        transposed=base.t(),
        row=base[1],
        half=torch.tensor([1.5, -2.0], dtype=torch.float16),
        brain=torch.tensor([1.5, -2.0], dtype=torch.bfloat16),
        double=torch.tensor(0.1, dtype=torch.float64),
        long=torch.tensor([[-5]], dtype=torch.int64),
        int=torch.tensor([7], dtype=torch.int32),
        short=torch.tensor([-7], dtype=torch.int16),
        char=torch.tensor([-1], dtype=torch.int8),
        byte=torch.tensor([255], dtype=torch.uint8),
        bool=torch.tensor([True, False]),
        empty=torch.zeros(0, 4),
        parameter=torch.nn.Parameter(torch.tensor([9.0])),
    ),
}
torch.save(contents, "today.pt")
torch.save(contents, "legacy.pt", _use_new_zipfile_serialization=False)
torch.save(torch.nn.Linear(2, 1).state_dict(), "linear.bin")
torch.save({"args": argparse.Namespace(lr=1)}, "namespace.pt")


class Evil:
    def __reduce__(self):
        return os.system, ("touch /tmp/diffusion4j-was-here",)


torch.save({"model": Evil()}, "evil.pt")
with open("evil.pkl", "wb") as file:
    pickle.dump(Evil(), file, protocol=2)
print(torch.__version__)
