"""Makes the files of this folder with the unmodified code of several releases of lucidrains/denoising-diffusion-pytorch.

Usage: python make.py REPOSITORY, a git checkout with history; needs torch, numpy, scipy, Pillow, einops and
tqdm. What is imported for training only (torchvision, accelerate, ema_pytorch, pytorch_fid) is replaced by empty modules.
"""

import copy
import importlib
import pathlib
import subprocess
import sys
import tempfile
import types

import torch
from safetensors.torch import save_file

RELEASES = {"2.3.1": "faed4db", "1.9.5": "242e4b6", "1.7.6": "ac933e4", "1.5.4": "e3c8036"}
NARROW = dict(attn_heads=2, attn_dim_head=8)
# name, release, options of Unet, options of GaussianDiffusion, what to sample
CASES = [
    ("plain", "2.3.1", dict(dim=4, dim_mults=(1, 2), channels=3, attn_heads=(1, 3), attn_dim_head=(6, 4)),
     dict(image_size=8, timesteps=50, sampling_timesteps=20), "gradients trainer ddim"),
    ("options", "2.3.1", dict(dim=4, init_dim=6, dim_mults=(1, 2, 3), channels=1, full_attn=(True, False, False),
                              learned_sinusoidal_cond=True, learned_sinusoidal_dim=6, out_dim=2, **NARROW), None, "gradients"),
    ("self", "2.3.1", dict(dim=4, dim_mults=(2, 1), channels=1, self_condition=True, sinusoidal_pos_emb_theta=5000, **NARROW),
     dict(image_size=8, timesteps=12, objective="pred_x0", beta_schedule="cosine", min_snr_loss_weight=True), "ddpm"),
    ("variance", "2.3.1", dict(dim=4, dim_mults=(1, 1), channels=1, learned_variance=True, **NARROW),
     dict(image_size=8, timesteps=25, objective="pred_noise", beta_schedule="linear"), "learned ddpm"),
    ("grouped", "1.9.5", dict(dim=8, dim_mults=(1, 1), channels=1, resnet_block_groups=4, **NARROW),
     dict(image_size=8, timesteps=12, objective="pred_noise", min_snr_loss_weight=True), "gradients ddpm"),
    ("prenorm", "1.7.6", dict(dim=4, dim_mults=(1, 1), channels=1, resnet_block_groups=4),
     dict(image_size=8, timesteps=12), "trainer"),
    ("standardized", "1.5.4", dict(dim=4, dim_mults=(1, 2), channels=1, resnet_block_groups=2),
     dict(image_size=8, timesteps=12), "gradients trainer ddpm"),
]


def load(repository, commit, module="denoising_diffusion_pytorch"):
    for name in [name for name in sys.modules if name.startswith("denoising_diffusion_pytorch")]:
        del sys.modules[name]
    stub = lambda name, *members: sys.modules.update({name: types.SimpleNamespace(**dict.fromkeys(members))})
    stub("ema_pytorch", "EMA")
    stub("accelerate", "Accelerator")
    stub("torchvision", "transforms", "utils")
    stub("pytorch_fid")
    stub("pytorch_fid.inception", "InceptionV3")
    stub("pytorch_fid.fid_score", "calculate_frechet_distance")
    stub("denoising_diffusion_pytorch.fid_evaluation", "FIDEvaluation")
    folder = pathlib.Path(tempfile.mkdtemp()) / "denoising_diffusion_pytorch"
    folder.mkdir()
    (folder / "__init__.py").touch()
    for name in ("denoising_diffusion_pytorch", "attend", "version", "learned_gaussian_diffusion"):
        shown = subprocess.run(
            ["git", "-C", repository, "show", f"{commit}:denoising_diffusion_pytorch/{name}.py"], capture_output=True)
        if shown.returncode == 0:
            (folder / f"{name}.py").write_bytes(shown.stdout)
    sys.path.insert(0, str(folder.parent))
    loaded = importlib.import_module("denoising_diffusion_pytorch." + module)
    sys.path.pop(0)
    return loaded


def shaken(network):
    """The same network with weights that are neither ones nor zeros, and answers that sampling does not amplify."""
    for parameter in network.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter) * (parameter.abs().mean() + 0.05)
    network.final_conv.weight.data *= 0.2
    return network


def trainer_file(library, online, average, file):
    """What the library's own Trainer.save writes; the average is laid out as ema_pytorch does."""
    ema = {"initted": torch.tensor(True), "step": torch.tensor(7)}
    ema.update({"online_model." + k: v for k, v in online.state_dict().items()})
    ema.update({"ema_model." + k: v for k, v in average.state_dict().items()})
    trainer = library.Trainer.__new__(library.Trainer)
    trainer.accelerator = types.SimpleNamespace(
        is_local_main_process=True, get_state_dict=lambda model: model.state_dict(), scaler=None)
    trainer.model, trainer.step, trainer.results_folder = online, 3000, file.parent
    trainer.opt = torch.optim.Adam([online.betas.clone().requires_grad_()])
    trainer.ema = types.SimpleNamespace(state_dict=lambda: ema)
    trainer.save(0)
    (file.parent / "model-0.pt").rename(file)


class Noise:
    """Draws that are kept."""

    def __init__(self):
        self.draws = []

    def __call__(self, shape, **_):
        shape = shape if isinstance(shape, (tuple, torch.Size)) else shape.shape
        self.draws.append(torch.empty(*shape).normal_())
        return self.draws[-1]


def sample(diffusion, channels, out):
    noise = Noise()
    real = torch.randn, torch.randn_like
    torch.randn = torch.randn_like = noise
    images = diffusion.sample(batch_size=2)
    torch.randn, torch.randn_like = real
    out["noise"] = torch.stack(noise.draws)
    out["samples"] = 2 * images - 1


def make(repository, name, release, options, process, wanted):
    torch.manual_seed(len(name))
    library = load(repository, RELEASES[release])
    network = shaken(library.Unet(**options))
    size = process["image_size"] if process else 8
    x = torch.randn(2, network.init_conv.weight.shape[1], size, size)
    time = torch.tensor([0, 11])
    out = {"x": x, "time": time, "target": torch.randn(2, network.out_dim, size, size)}
    halves = x.chunk(2, dim=1) if network.self_condition else (None, x)
    y = network(halves[1], time, halves[0])
    out["output"] = y.detach()
    if "gradients" in wanted:
        (y * out["target"]).mean().backward()
        out.update({"gradient." + k: p.grad for k, p in network.named_parameters()})
    if process is None:
        torch.save(network.state_dict(), name + ".pt")
    else:
        kind = library.GaussianDiffusion
        if "learned" in wanted:
            kind = load(repository, RELEASES[release], "learned_gaussian_diffusion").LearnedGaussianDiffusion
        diffusion = kind(network, **process)
        if "trainer" in wanted:
            online = kind(shaken(copy.deepcopy(network)), **process)
            trainer_file(library, online, diffusion, pathlib.Path(name + ".pt"))
        else:
            torch.save(diffusion.state_dict(), name + ".pt")
        if "dd" in wanted:
            sample(diffusion, options["channels"], out)
    save_file({k: v.contiguous() for k, v in out.items()}, name + ".safetensors")
    print(name, release, sum(p.numel() for p in network.parameters()), "parameters; torch", torch.__version__)


if __name__ == "__main__":
    for case in CASES:
        make(sys.argv[1], *case)
