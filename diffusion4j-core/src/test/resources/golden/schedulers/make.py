"""Makes runs.json, trajectories.safetensors and signatures.json from the unmodified scheduler files of diffusers.

Usage: python make.py DIFFUSERS, the folder src/diffusers of a checkout of v0.40.0; needs torch, numpy
and scipy. What the scheduler files import from the rest of diffusers is replaced by the few lines below.

A run is a scheduler_config.json, a number of steps, and every sample of the loop of a pipeline: the
scheduler scales the input, a network answers, the scheduler steps. The network is
sin(x + time) / 2, with the time t / 1000, or t itself for EDM's schedulers.

signatures.json has the options of each class with their defaults.
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
FILES = {
    "DDPMScheduler": "ddpm",
    "DDIMScheduler": "ddim",
    "PNDMScheduler": "pndm",
    "EulerAncestralDiscreteScheduler": "euler_ancestral_discrete",
    "DPMSolverMultistepScheduler": "dpmsolver_multistep",
    "DPMSolverSinglestepScheduler": "dpmsolver_singlestep",
    "UniPCMultistepScheduler": "unipc_multistep",
    "DEISMultistepScheduler": "deis_multistep",
    "EulerDiscreteScheduler": "euler_discrete",
    "HeunDiscreteScheduler": "heun_discrete",
    "LMSDiscreteScheduler": "lms_discrete",
    "EDMEulerScheduler": "edm_euler",
    "EDMDPMSolverMultistepScheduler": "edm_dpmsolver_multistep",
}


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

    module("diffusers").__path__ = [folder]
    module("diffusers.configuration_utils", ConfigMixin=ConfigMixin, register_to_config=register_to_config)
    logging = types.SimpleNamespace(get_logger=lambda name: types.SimpleNamespace(warning=print))
    module("diffusers.utils", deprecate=lambda *a, **k: None, is_scipy_available=lambda: True, logging=logging,
           BaseOutput=Output)
    module("diffusers.utils.torch_utils", randn_tensor=randn_tensor)
    module("diffusers.schedulers").__path__ = [folder + "/schedulers"]
    module("diffusers.schedulers.scheduling_utils", KarrasDiffusionSchedulers=enum.Enum("K", "NONE"),
           SchedulerMixin=type("SchedulerMixin", (), {}), SchedulerOutput=Output)
    return draws, {
        name: getattr(importlib.import_module("diffusers.schedulers.scheduling_" + file), name)
        for name, file in FILES.items()
    }


def run(scheduler, edm, steps, draws):
    draws.clear()
    scheduler.set_timesteps(steps)
    scheduler.set_begin_index(0)  # else it is looked up by the time, of which there may be two
    n = int(np.prod(SHAPE))
    x = (torch.arange(n, dtype=torch.float32) / 48 - 1).reshape(SHAPE) * scheduler.init_noise_sigma
    trajectory = []
    for t in scheduler.timesteps:
        seen = scheduler.scale_model_input(x, t)
        time = t if edm else t / 1000
        x = scheduler.step(torch.sin(seen + time) / 2, t, x).prev_sample
        trajectory.append(x)
    return torch.stack(trajectory)


def signature(scheduler):
    parameters = list(inspect.signature(scheduler.__init__).parameters.values())[1:]
    return {parameter.name: parameter.default for parameter in parameters}


def cases(schedulers):
    for options in (
        {}, {"sigma_schedule": "exponential"}, {"prediction_type": "v_prediction"},
        {"rho": 5.0, "sigma_min": 0.01, "sigma_max": 50.0, "sigma_data": 1.0},
        {"sigma_min": 0.1, "final_sigmas_type": "sigma_min"},
        {"sigma_data": 0.7, "prediction_type": "v_prediction", "sigma_schedule": "exponential"},
    ):
        yield "EDMEulerScheduler", 10, options
    for options in (
        {}, {"solver_order": 1}, {"solver_order": 3}, {"solver_type": "heun"}, {"prediction_type": "v_prediction"},
        {"sigma_schedule": "exponential", "sigma_data": 1.0}, {"rho": 3.0, "sigma_min": 0.02, "sigma_max": 20.0},
        {"algorithm_type": "sde-dpmsolver++"}, {"algorithm_type": "sde-dpmsolver++", "solver_type": "heun"},
        {"algorithm_type": "sde-dpmsolver++", "solver_order": 1},
        {"thresholding": True, "dynamic_thresholding_ratio": 0.9, "sample_max_value": 1.5},
        {"sigma_min": 0.1, "final_sigmas_type": "sigma_min", "sigma_schedule": "exponential"},
        {"sigma_min": 0.1, "final_sigmas_type": "sigma_min", "euler_at_final": True},
    ):
        yield "EDMDPMSolverMultistepScheduler", 10, options
    yield "EDMDPMSolverMultistepScheduler", 16, {"solver_order": 3}
    yield "EDMDPMSolverMultistepScheduler", 10, {"solver_order": 3, "lower_order_final": False}
    yield "EDMEulerScheduler", 1, {}

    for name, kind in schedulers.items():
        if "use_beta_sigmas" in signature(kind):
            yield name, 10, {"use_beta_sigmas": True}
    for spacing in ("leading", "trailing"):
        yield "EulerDiscreteScheduler", 10, {"use_beta_sigmas": True, "timestep_spacing": spacing}
    yield "DPMSolverMultistepScheduler", 10, {"use_beta_sigmas": True, "final_sigmas_type": "sigma_min"}

    for options in (
        {}, {"timestep_spacing": "leading"}, {"timestep_spacing": "trailing", "steps_offset": 1},
        {"prediction_type": "v_prediction"}, {"final_sigmas_type": "sigma_min"},
    ):
        yield "EulerDiscreteScheduler", 10, dict(options, interpolation_type="log_linear")
    yield "EulerDiscreteScheduler", 10, {"final_sigmas_type": "sigma_min"}
    yield "EulerDiscreteScheduler", 10, {"timestep_type": "continuous"}

    ends = {"sigma_min": 0.05, "sigma_max": 30.0}
    for spacing in ("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas"):
        yield "EulerDiscreteScheduler", 10, dict(ends, **{spacing: True})
        yield "UniPCMultistepScheduler", 10, dict(ends, **{spacing: True})
        yield "UniPCMultistepScheduler", 10, dict(ends, final_sigmas_type="sigma_min", **{spacing: True})
    yield "EulerDiscreteScheduler", 10, dict(ends, final_sigmas_type="sigma_min", use_karras_sigmas=True)
    yield "EulerDiscreteScheduler", 10, {"sigma_max": 400.0, "use_karras_sigmas": True}
    yield "EulerDiscreteScheduler", 10, {"sigma_min": 0.001, "use_exponential_sigmas": True}
    yield "EulerDiscreteScheduler", 10, ends

    for options in (
        {}, {"timestep_spacing": "leading", "steps_offset": 1}, {"solver_order": 3}, {"use_karras_sigmas": True},
    ):
        yield "DPMSolverMultistepScheduler", 10, dict(options, lambda_min_clipped=-2.5)
    yield "DPMSolverMultistepScheduler", 10, {"lambda_min_clipped": -5.1, "beta_schedule": "squaredcos_cap_v2"}
    yield "DPMSolverMultistepScheduler", 10, {"lambda_min_clipped": -5.1, "timestep_spacing": "trailing"}
    yield "DPMSolverSinglestepScheduler", 10, {"lambda_min_clipped": -2.5}


def safetensors(tensors):
    header, data = {}, b""
    for name, values in tensors.items():
        raw = values.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def main():
    draws, schedulers = load(sys.argv[1])
    runs, tensors = [], {}
    for number, (name, steps, options) in enumerate(cases(schedulers)):
        scheduler = schedulers[name](**options)
        trajectory = run(scheduler, name.startswith("EDM"), steps, draws)
        assert torch.isfinite(trajectory).all(), (name, options)
        runs.append({"steps": steps, "config": dict(_class_name=name, **options)})
        tensors[f"{number:02d}"] = trajectory.numpy()
    folder = pathlib.Path(__file__).parent
    lines = ",\n".join(json.dumps(entry) for entry in runs)
    (folder / "runs.json").write_text("[\n" + lines + "\n]\n")
    signatures = {name: signature(kind) for name, kind in schedulers.items()}
    (folder / "signatures.json").write_text(json.dumps(signatures, indent=1) + "\n")
    (folder / "trajectories.safetensors").write_bytes(safetensors(tensors))


if __name__ == "__main__":
    main()
