"""Makes trajectories.safetensors and runs.csv from the unmodified scheduler files of diffusers.

Usage: python make.py DIFFUSERS, the folder src/diffusers of a checkout of v0.40.0; needs torch and
numpy only. What the scheduler files import from the rest of diffusers (configuration, logging,
random numbers) is replaced by the few lines below, so that its other dependencies are not needed.
"""

import enum
import functools
import importlib
import inspect
import json
import pathlib
import struct
import sys
import types

import numpy as np
import torch

SHAPE = (2, 3, 4, 4)


def module(name, **members):
    created = types.ModuleType(name)
    created.__dict__.update(members)
    sys.modules[name] = created
    return created


class Config(dict):
    __getattr__ = dict.get


class ConfigMixin:
    @property
    def config(self):
        return self._config

    def register_to_config(self, **changes):
        self._config = Config(self._config, **changes)


def register_to_config(init):
    @functools.wraps(init)
    def wrapped(self, *args, **kwargs):
        bound = inspect.signature(init).bind(self, *args, **kwargs)
        bound.apply_defaults()
        self._config = Config(list(bound.arguments.items())[1:])
        init(self, *args, **kwargs)

    return wrapped


class Output:
    def __init__(self, prev_sample):
        self.prev_sample = prev_sample


def noise(draw):
    """sin(1 + 0.37 i + 1.7 k) for element i of draw k, k from 1: no random numbers to agree on."""
    i = np.arange(np.prod(SHAPE), dtype=np.float64)
    return torch.from_numpy(np.sin(1 + 0.37 * i + 1.7 * draw).astype(np.float32)).reshape(SHAPE)


def load(folder):
    draws = []

    def randn_tensor(*args, **kwargs):
        draws.append(None)
        return noise(len(draws))

    package = module("diffusers")
    package.__path__ = [folder]
    module("diffusers.configuration_utils", ConfigMixin=ConfigMixin, register_to_config=register_to_config)
    logging = types.SimpleNamespace(get_logger=lambda name: types.SimpleNamespace(warning=print))
    module("diffusers.utils", deprecate=lambda *a, **k: None, is_scipy_available=lambda: False, logging=logging,
           BaseOutput=Output)
    module("diffusers.utils.torch_utils", randn_tensor=randn_tensor)
    schedulers = module("diffusers.schedulers")
    schedulers.__path__ = [folder + "/schedulers"]
    module("diffusers.schedulers.scheduling_utils", KarrasDiffusionSchedulers=enum.Enum("K", "NONE"),
           SchedulerMixin=type("SchedulerMixin", (), {}), SchedulerOutput=Output)
    names = {
        "multi": ("scheduling_dpmsolver_multistep", "DPMSolverMultistepScheduler"),
        "single": ("scheduling_dpmsolver_singlestep", "DPMSolverSinglestepScheduler"),
        "unipc": ("scheduling_unipc_multistep", "UniPCMultistepScheduler"),
        "deis": ("scheduling_deis_multistep", "DEISMultistepScheduler"),
    }
    return draws, {
        key: getattr(importlib.import_module("diffusers.schedulers." + file), kind)
        for key, (file, kind) in names.items()
    }


def run(scheduler, steps, start, draws):
    """Every sample after a step; begins at step `start` of `steps`."""
    draws.clear()
    scheduler.set_timesteps(steps)
    n = int(np.prod(SHAPE))
    x = (torch.arange(n, dtype=torch.float32) / n).reshape(SHAPE)
    trajectory = []
    if start:
        scheduler.set_begin_index(start)
    for t in scheduler.timesteps[start:]:
        x = scheduler.step(x * t / (t + 1), t, x).prev_sample
        trajectory.append(x)
    return torch.stack(trajectory)


def cases():
    # kind, grid, end, steps, start, prediction, options
    for algorithm in ("dpmsolver++", "dpmsolver", "sde-dpmsolver++", "sde-dpmsolver"):
        for order in (1, 2, 3):
            for rule in ("midpoint", "heun"):
                if order == 3 and algorithm.startswith("sde") or order == 1 and rule == "heun":
                    continue
                yield "multi", "linspace", "sigma_min", 10, 0, dict(
                    algorithm_type=algorithm, solver_order=order, solver_type=rule, lower_order_final=False)
    for grid in ("leading", "trailing", "karras", "exponential"):
        yield "multi", grid, "zero", 8, 0, dict(solver_order=2)
    yield "multi", "linspace", "zero", 16, 0, dict(solver_order=3, lower_order_final=True)
    yield "multi", "linspace", "sigma_min", 8, 0, dict(solver_order=3, lower_order_final=True)
    yield "multi", "linspace", "sigma_min", 16, 0, dict(solver_order=3, lower_order_final=True, euler_at_final=True)
    yield "multi", "lu", "sigma_min", 8, 0, dict(solver_order=3, prediction_type="v_prediction")
    yield "multi", "linspace", "zero", 8, 0, dict(solver_order=2, algorithm_type="sde-dpmsolver++")
    yield "multi", "linspace", "zero", 8, 3, dict(solver_order=2, prediction_type="sample")
    for algorithm in ("dpmsolver++", "dpmsolver", "sde-dpmsolver++"):
        for order in (2, 3):
            for rule in ("midpoint", "heun"):
                if order == 3 and algorithm.startswith("sde") and rule == "heun":
                    continue
                yield "single", "linspace", "sigma_min", 12, 0, dict(
                    algorithm_type=algorithm, solver_order=order, solver_type=rule, lower_order_final=False)
    for steps in (7, 8, 9):
        for order in (1, 2, 3):
            yield "single", "linspace", "zero", steps, 0, dict(solver_order=order, lower_order_final=True)
    yield "single", "linspace", "sigma_min", 8, 0, dict(solver_order=3, lower_order_final=True)
    yield "single", "karras", "zero", 9, 0, dict(solver_order=2, lower_order_final=True)
    yield "single", "linspace", "sigma_min", 10, 5, dict(solver_order=2, lower_order_final=False)
    for order in (1, 2, 3, 4):
        for scale in ("bh1", "bh2"):
            for x0 in (True, False):
                yield "unipc", "linspace", "sigma_min", 10, 0, dict(
                    solver_order=order, solver_type=scale, predict_x0=x0, lower_order_final=order != 3)
    for grid in ("leading", "trailing", "karras", "exponential"):
        yield "unipc", grid, "zero", 8, 0, dict(solver_order=2)
    yield "unipc", "linspace", "zero", 8, 0, dict(solver_order=3, disable_corrector=[0, 1, 4])
    yield "unipc", "linspace", "zero", 8, 3, dict(solver_order=3, prediction_type="v_prediction")
    for grid in ("linspace", "leading", "trailing", "karras", "exponential"):
        yield "deis", grid, "sigma_min", 10, 0, dict(solver_order=3)
    for order in (1, 2, 3):
        yield "deis", "linspace", "sigma_min", 16, 0, dict(solver_order=order)
        yield "deis", "linspace", "sigma_min", 8, 0, dict(solver_order=order, lower_order_final=False)


GRIDS = {
    "linspace": {}, "leading": {"timestep_spacing": "leading"}, "trailing": {"timestep_spacing": "trailing"},
    "karras": {"use_karras_sigmas": True}, "exponential": {"use_exponential_sigmas": True},
    "lu": {"use_lu_lambdas": True},
}
COLUMNS = ["algorithm_type", "solver_order", "solver_type", "lower_order_final", "euler_at_final", "prediction_type",
           "predict_x0", "disable_corrector"]


def main():
    draws, schedulers = load(sys.argv[1])
    rows = ["name;scheduler;grid;end;steps;start;" + ";".join(COLUMNS)]
    tensors = {}
    for number, (kind, grid, end, steps, start, options) in enumerate(cases()):
        config = dict(GRIDS[grid], **options)
        if kind != "deis":
            config["final_sigmas_type"] = end
        scheduler = schedulers[kind](**config)
        trajectory = run(scheduler, steps, start, draws)
        assert torch.isfinite(trajectory).all(), (kind, grid, config)
        name = f"{number:02d}"
        tensors[name] = trajectory.numpy()
        values = [scheduler.config.get(column, "") for column in COLUMNS]
        values = [" ".join(map(str, v)) if isinstance(v, list) else str(v) for v in values]
        rows.append(";".join([name, kind, grid, end, str(steps), str(start)] + values))
    folder = pathlib.Path(__file__).parent
    (folder / "runs.csv").write_text("\n".join(rows) + "\n")
    header, data = {}, b""
    for name, values in tensors.items():
        raw = values.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (folder / "trajectories.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


main()
