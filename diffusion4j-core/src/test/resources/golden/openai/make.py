"""Makes the files of this folder with the unmodified code of OpenAI's two projects.

Usage: python make.py IMPROVED GUIDED, checkouts of openai/improved-diffusion (1bc7bbb) and
openai/guided-diffusion (22e0df8); needs torch, numpy and safetensors.
"""

import argparse
import collections
import importlib
import json
import pathlib
import sys
import zlib

import numpy as np
import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
SMALL = "--image_size 16 --channel_mult 1,2 --num_channels 32 --num_res_blocks 1 "
CASES = {
    # Nichol and Dhariwal's CIFAR-10 network, thinner: four heads, half the channels for the
    # variance, time in units of T / 1000
    "improved": (
        "improved",
        "--image_size 32 --num_channels 32 --num_res_blocks 1 --learn_sigma True --dropout 0.3 "
        "--diffusion_steps 4000 --noise_schedule cosine",
    ),
    # four heads over two widths
    "legacy_order": ("guided", SMALL),
    "new_order": ("guided", SMALL + "--use_new_attention_order True"),
    # the form of the 64x64 network of guided-diffusion
    "head_channels": (
        "guided",
        SMALL + "--attention_resolutions 8 --class_cond True --learn_sigma True --num_head_channels"
        " 16 --resblock_updown True --use_new_attention_order True --noise_schedule cosine",
    ),
    # the form of improved-diffusion's LSUN network, and another number of steps
    "one_head": (
        "guided",
        "--image_size 16 --channel_mult 1,1,2 --num_channels 32 --num_res_blocks 2 --num_heads 1 "
        "--use_scale_shift_norm False --attention_resolutions 8 --diffusion_steps 500",
    ),
    # features of the time that are fewer than the first width
    "wide_first": (
        "guided",
        "--image_size 16 --channel_mult 2,2 --num_channels 32 --num_res_blocks 1 "
        "--attention_resolutions 8 --use_scale_shift_norm False --resblock_updown True",
    ),
    "heads_up": (
        "guided",
        SMALL + "--num_heads 2 --num_heads_upsample 8 --predict_xstart True "
        "--rescale_timesteps True --diffusion_steps 250",
    ),
}


def numbers(name, count):
    """Numbers in -1...1 that follow from a name; the test makes the same ones."""
    x = np.arange(count, dtype=np.uint64) + zlib.crc32(name.encode())
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B), (16, 1)):
        x &= 0xFFFFFFFF
        x ^= x >> np.uint64(shift)
        x = (x * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    return x.astype(np.float64) / 2**31 - 1


def weight(name, shape):
    values = numbers(name, int(np.prod(shape)))
    if len(shape) == 1:
        values = values * 0.1 + (1 if name.endswith("weight") else 0)
    else:
        values = values * np.sqrt(3 / np.prod(shape[1:]))
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def made(project, flags):
    util = importlib.import_module(project + "_diffusion.script_util")
    parser = argparse.ArgumentParser()
    util.add_dict_to_argparser(parser, util.model_and_diffusion_defaults())
    args = parser.parse_args(flags.split())
    model, diffusion = util.create_model_and_diffusion(
        **util.args_to_dict(args, util.model_and_diffusion_defaults().keys())
    )
    return args, model.eval(), diffusion


def answer(name, args, model, diffusion):
    seed = torch.Generator().manual_seed(zlib.crc32(name.encode()))
    x = torch.randn(2, 3, args.image_size, args.image_size, generator=seed)
    time = torch.tensor([3, args.diffusion_steps - 17])
    labels = {"y": torch.tensor([7, 993])} if args.class_cond else {}
    with torch.no_grad():
        out = diffusion._wrap_model(model)(x, time, **labels)
    found = {"x": x, "time": time, "out": out, "betas": torch.from_numpy(diffusion.betas)}
    return found | {"labels": value for value in labels.values()}


def main(improved, guided):
    sys.path += [improved, guided]
    described, tensors = {}, {}
    for name, (project, flags) in CASES.items():
        args, model, diffusion = made(project, flags)
        shapes = {key: list(value.shape) for key, value in model.state_dict().items()}
        model.load_state_dict({key: weight(key, shape) for key, shape in shapes.items()})
        for key, value in answer(name, args, model, diffusion).items():
            tensors[f"{name}.{key}"] = value.contiguous()
        described[name] = {"flags": flags, "shapes": shapes}
    lines = [f"{json.dumps(name)}: {json.dumps(case)}" for name, case in described.items()]
    (HERE / "cases.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    save_file(tensors, HERE / "values.safetensors")

    # a file as their programs write it; the tensors are views of one storage to keep it small
    flags = (
        "--image_size 16 --channel_mult 1 --num_channels 32 --num_res_blocks 1 "
        "--use_scale_shift_norm False --attention_resolutions 16"
    )
    args, model, diffusion = made("guided", flags)
    shared = torch.from_numpy(numbers("shared", 44_000).astype(np.float32)) * 0.1
    views = collections.OrderedDict()
    for key, value in model.state_dict().items():
        start = zlib.crc32(key.encode()) % (len(shared) - value.numel())
        views[key] = shared[start : start + value.numel()].view(value.shape)
    model.load_state_dict(views)
    torch.save(views, HERE / "ema_0.9999_000100.pt")
    found = answer("file", args, model, diffusion)
    save_file({key: found[key] for key in ("x", "time", "out")}, HERE / "file.safetensors")
    print(torch.__version__, sum(value.numel() for value in views.values()))


main(*sys.argv[1:])
