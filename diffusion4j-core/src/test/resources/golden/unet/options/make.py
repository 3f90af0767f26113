"""Makes the folders beside it from the unmodified UNet2DModel of diffusers.

Usage: python make.py DIFFUSERS, the folder src/diffusers of a checkout of v0.40.0; needs torch and
numpy only. What the model's files import from the rest of diffusers is replaced by the few lines
below, so that its other dependencies are not needed.
"""

import functools
import importlib
import importlib.abc
import importlib.machinery
import inspect
import json
import pathlib
import struct
import sys
import types

import numpy as np
import torch

HERE = pathlib.Path(__file__).parent
MODEL_FILES = ("activations", "attention_processor", "downsampling", "embeddings", "normalization",
               "resnet", "upsampling", "unets.unet_2d", "unets.unet_2d_blocks")


class Anything(types.ModuleType):
    """A module of which every name can be imported; the names do nothing."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("is_"):
            return lambda *a, **k: False
        return type(name, (), {})


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if not name.startswith("diffusers"):
            return None
        if name.removeprefix("diffusers.models.") in MODEL_FILES:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return Anything(spec.name)

    def exec_module(self, module):
        folder = FOLDER + module.__name__.removeprefix("diffusers").replace(".", "/")
        module.__path__ = [folder]


class Config(dict):
    __getattr__ = dict.get


def register_to_config(init):
    @functools.wraps(init)
    def wrapped(self, *args, **kwargs):
        bound = inspect.signature(init).bind(self, *args, **kwargs)
        bound.apply_defaults()
        init(self, *args, **kwargs)
        self.config = Config(list(bound.arguments.items())[1:])

    return wrapped


class ModelMixin(torch.nn.Module):
    @property
    def dtype(self):
        return next(self.parameters()).dtype


def load():
    sys.meta_path.insert(0, Finder())
    configuration = importlib.import_module("diffusers.configuration_utils")
    configuration.register_to_config = register_to_config
    configuration.ConfigMixin = type("ConfigMixin", (), {})
    utils = importlib.import_module("diffusers.utils")
    utils.logging = types.SimpleNamespace(get_logger=lambda name: None)
    utils.BaseOutput = dict
    utils.deprecate = lambda *a, **k: None
    torch_utils = importlib.import_module("diffusers.utils.torch_utils")
    torch_utils.maybe_allow_in_graph = lambda c: c
    torch_utils.maybe_adjust_dtype_for_device = lambda dtype, device: dtype
    importlib.import_module("diffusers.models.modeling_utils").ModelMixin = ModelMixin
    return importlib.import_module("diffusers.models.unets.unet_2d").UNet2DModel


def cases():
    small = dict(sample_size=8, in_channels=3, out_channels=3, layers_per_block=1, norm_num_groups=4)
    yield "scale_shift", dict(
        small, out_channels=6, block_out_channels=(4, 8), down_block_types=("AttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "AttnUpBlock2D"), downsample_type="resnet", upsample_type="resnet",
        resnet_time_scale_shift="scale_shift", act_fn="gelu", attention_head_dim=4,
        mid_block_scale_factor=1.5, time_embedding_dim=20, norm_eps=1e-4), None
    yield "fourier", dict(
        small, block_out_channels=(4, 8), down_block_types=("ResnetDownsampleBlock2D", "AttnDownBlock2D"),
        up_block_types=("UpBlock2D", "ResnetUpsampleBlock2D"), time_embedding_type="fourier", act_fn="mish",
        center_input_sample=True, downsample_padding=0, attn_norm_num_groups=2, attention_head_dim=None,
        class_embed_type="identity", mid_block_scale_factor=2), "identity"
    yield "learned", dict(
        small, in_channels=4, out_channels=1, block_out_channels=(4, 8), time_embedding_type="learned",
        num_train_timesteps=12, down_block_types=("AttnDownBlock2D", "ResnetDownsampleBlock2D"),
        up_block_types=("ResnetUpsampleBlock2D", "AttnUpBlock2D"), act_fn="relu", mid_block_type=None,
        attention_head_dim=2, class_embed_type="timestep", dropout=0.25), "timestep"
    yield "timestep", dict(
        small, block_out_channels=(4, 8), down_block_types=("DownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "UpBlock2D"), flip_sin_to_cos=False, freq_shift=1, add_attention=False,
        act_fn="swish", attention_head_dim=8, class_embed_type="timestep", upsample_type="resnet"), "timestep"
    yield "attention_groups", dict(
        small, block_out_channels=(4, 8), down_block_types=("DownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "UpBlock2D"), resnet_time_scale_shift="scale_shift",
        attn_norm_num_groups=8, attention_head_dim=3, num_class_embeds=5), "table"
    lean = dict(small, norm_num_groups=None, time_embedding_dim=16)
    yield "skip", dict(
        lean, block_out_channels=(8, 12, 8), down_block_types=("SkipDownBlock2D",) * 3,
        up_block_types=("SkipUpBlock2D",) * 3, time_embedding_type="fourier", norm_eps=1e-6,
        mid_block_scale_factor=2 ** 0.5, attention_head_dim=None, center_input_sample=True), None
    yield "attention_skip", dict(
        lean, block_out_channels=(32, 4), down_block_types=("AttnSkipDownBlock2D", "SkipDownBlock2D"),
        up_block_types=("SkipUpBlock2D", "AttnSkipUpBlock2D"), attention_head_dim=16, mid_block_type=None,
        freq_shift=3), None
    yield "skip_mixed", dict(
        small, in_channels=3, out_channels=2, block_out_channels=(8, 4, 8),
        down_block_types=("SkipDownBlock2D", "SkipDownBlock2D", "DownBlock2D"),
        up_block_types=("ResnetUpsampleBlock2D", "UpBlock2D", "SkipUpBlock2D"),
        resnet_time_scale_shift="scale_shift", act_fn="gelu", num_class_embeds=4), "table"
    yield "k", dict(
        lean, block_out_channels=(32, 33), down_block_types=("KDownBlock2D",) * 2,
        up_block_types=("KUpBlock2D",) * 2, mid_block_type=None, act_fn="gelu"), None


def write(path, tensors):
    header, data, kinds = {}, b"", {torch.float32: "F32", torch.int64: "I64"}
    for name, tensor in tensors.items():
        raw = tensor.detach().contiguous().numpy().tobytes()
        header[name] = dict(dtype=kinds[tensor.dtype], shape=list(tensor.shape),
                            data_offsets=[len(data), len(data) + len(raw)])
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def labels_of(kind, net):
    width = net.time_embedding.linear_2.out_features
    if kind == "identity":
        return torch.randn(2, width)
    return None if kind is None else torch.tensor([3, 1])


def make(name, net, options, kind):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    config = dict(net.config, _class_name="UNet2DModel", _diffusers_version="0.40.0")
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    with torch.no_grad():
        for parameter in net.parameters():  # a new norm hides mistakes in its scale and shift
            if parameter.ndim == 1 and parameter.requires_grad:
                parameter.add_(0.1 * torch.randn_like(parameter))
    state = {key: value.clone() for key, value in net.state_dict().items()}
    write(folder / "diffusion_pytorch_model.safetensors", state)
    x = torch.randn(2, options["in_channels"], 8, 8)
    noise = torch.randn(2, options["out_channels"], 8, 8)
    time = torch.tensor([2, 7])
    labels = labels_of(kind, net)
    eps = net.eval()(x, time, labels, return_dict=False)[0]
    net.double()
    net.time_proj.register_forward_hook(lambda module, inputs, output: output.double())
    wide = labels.double() if kind == "identity" else labels
    loss = (net(x.double(), time, wide, return_dict=False)[0] - noise.double()).square().mean()
    loss.backward()
    gradients = {key: p.grad for key, p in net.named_parameters() if p.grad is not None}
    io = dict(x=x, timesteps=time, noise=noise, eps=eps)
    if labels is not None:
        io["class_labels"] = labels
    io.update({"grad/" + key: value.float() for key, value in gradients.items()})
    write(folder / "io.safetensors", io)
    norms = {key: value.norm().item() for key, value in gradients.items()}
    expected = dict(loss=loss.item(), gradientNorms={k: v for k, v in norms.items() if v > 1e-12},
                    gradientIsZero=[k for k, v in norms.items() if v <= 1e-12],
                    shapes={key: list(value.shape) for key, value in state.items()})
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    print(name, sum(v.numel() for v in state.values()), "parameters, loss", loss.item())


FOLDER = sys.argv[1]
sys.path.insert(0, str(pathlib.Path(FOLDER).parent))
model = load()
for number, (name, options, kind) in enumerate(cases()):
    torch.manual_seed(number)
    make(name, model(**options), options, kind)
