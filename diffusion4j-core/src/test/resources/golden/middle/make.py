"""Makes runs.json and trajectories.safetensors from the unmodified scheduler files of diffusers.

Usage: python make.py DIFFUSERS [CASES.json OUT], DIFFUSERS being the folder src/diffusers of a checkout of v0.40.0;
needs torch, numpy and scipy. What the scheduler files import from the rest of diffusers is replaced by the few lines below.

A run is a scheduler_config.json, a number of steps, and what a pipeline or its caller adds: `strength` of image to
image, `eta`, `use_clipped_model_output`, `s_churn` and its like. The network is sin(x + t / 1000) / 2, or with
"network": "ratio" that of diffusers' own tests, x t / (t + 1). With EDM's schedulers t is not divided.

With CASES.json, a list of runs, these are made instead and written to the folder OUT; runs that diffusers refuses have
an "error" then.
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

SHAPE = (2, 1, 2, 4)
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
STEP_ARGUMENTS = ("eta", "use_clipped_model_output", "s_churn", "s_tmin", "s_tmax", "s_noise")


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
    def __init__(self, prev_sample, pred_original_sample=None):
        self.prev_sample = prev_sample


def noise(draw):
    """sin(1 + 0.37 i + 1.7 k) for element i of draw k: no random numbers to agree on."""
    i = np.arange(np.prod(SHAPE), dtype=np.float64)
    return torch.from_numpy(np.sin(1 + 0.37 * i + 1.7 * draw).astype(np.float32)).reshape(SHAPE)


def start():
    return (torch.arange(16, dtype=torch.float32) / 8 - 1).reshape(SHAPE)


def images():
    return torch.from_numpy(np.cos(0.9 * np.arange(16)).astype(np.float32)).reshape(SHAPE)


def load(folder):
    step = [0]

    def randn_tensor(*args, **kwargs):
        return noise(step[0])

    module("diffusers").__path__ = [folder]
    module("diffusers.configuration_utils", ConfigMixin=ConfigMixin, register_to_config=register_to_config)
    logging = types.SimpleNamespace(get_logger=lambda name: types.SimpleNamespace(warning=lambda *a: None))
    module("diffusers.utils", deprecate=lambda *a, **k: None, is_scipy_available=lambda: True, logging=logging,
           BaseOutput=Output)
    module("diffusers.utils.torch_utils", randn_tensor=randn_tensor)
    module("diffusers.schedulers").__path__ = [folder + "/schedulers"]
    module("diffusers.schedulers.scheduling_utils", KarrasDiffusionSchedulers=enum.Enum("K", "NONE"),
           SchedulerMixin=type("SchedulerMixin", (), {}), SchedulerOutput=Output)
    return step, {
        name: getattr(importlib.import_module("diffusers.schedulers.scheduling_" + file), name)
        for name, file in FILES.items()
    }


def times(scheduler, steps, strength):
    """The times of a pipeline, and those of image to image as its get_timesteps has them."""
    scheduler.set_timesteps(steps)
    first = 0
    if strength is not None:
        first = max(steps - min(int(steps * strength), steps), 0) * scheduler.order
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(first)
    return scheduler.timesteps[first:]


def run(scheduler, case, step):
    edm = case["config"]["_class_name"].startswith("EDM")
    timesteps = times(scheduler, case["steps"], case.get("strength"))
    x = start() * scheduler.init_noise_sigma
    if "strength" in case:
        x = scheduler.add_noise(images(), start(), timesteps[:1])
    arguments = {key: case[key] for key in STEP_ARGUMENTS if key in case}
    trajectory = []
    for i, t in enumerate(timesteps):
        step[0] = i + 1
        seen = scheduler.scale_model_input(x, t)
        if case.get("network") == "ratio":
            output = seen * t / (t + 1)
        else:
            output = torch.sin(seen + (t if edm else t / 1000)) / 2
        x = scheduler.step(output, t, x, **arguments).prev_sample
        trajectory.append(x)
    return torch.stack(trajectory)


def stored(length):
    """Which samples are kept: all of short runs, and some 20 of long ones."""
    distance = max(1, length // 20)
    return sorted({*range(distance - 1, length, distance), length - 1})


def case(name, steps, options, **others):
    return {"steps": steps, "config": {"_class_name": name, **options}, **others}


def cases():
    spacings = ("leading", "linspace", "trailing")
    for skip in (False, True):
        for steps in (4, 7, 8, 10, 40, 200):
            for spacing in spacings:
                options = {"skip_prk_steps": skip, "timestep_spacing": spacing}
                yield case("PNDMScheduler", steps, options)
        for steps in (8, 40):
            options = {"skip_prk_steps": skip, "steps_offset": 1, "set_alpha_to_one": True}
            yield case("PNDMScheduler", steps, options, network="ratio")
            yield case("PNDMScheduler", steps, dict(options, prediction_type="v_prediction"))
    yield case("PNDMScheduler", 1, {"skip_prk_steps": True})
    yield case("PNDMScheduler", 2, {"skip_prk_steps": True})
    for options in ({"use_karras_sigmas": True}, {"use_exponential_sigmas": True}, {"use_beta_sigmas": True}):
        yield case("DEISMultistepScheduler", 1, options)
        yield case("EulerDiscreteScheduler", 1, dict(options, timestep_spacing="trailing"))
    for name in ("EDMEulerScheduler", "EDMDPMSolverMultistepScheduler"):
        yield case(name, 1, {"final_sigmas_type": "sigma_min"})

    for name in FILES:
        if name not in ("PNDMScheduler", "LMSDiscreteScheduler"):
            for strength in (1.0, 0.75, 0.5, 0.1):
                yield case(name, 10, {}, strength=strength)
            yield case(name, 20, {}, strength=0.55)
    yield case("LMSDiscreteScheduler", 10, {}, strength=1.0)
    yield case("PNDMScheduler", 10, {"skip_prk_steps": True}, strength=1.0)
    for name, spacing in (("DDIMScheduler", "leading"), ("DDIMScheduler", "trailing"), ("DDPMScheduler", "linspace")):
        yield case(name, 25, {"timestep_spacing": spacing, "prediction_type": "v_prediction"}, strength=0.3)
    yield case("DDIMScheduler", 10, {}, strength=0.5, eta=0.7)
    for spacing in ("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas"):
        for name in ("EulerDiscreteScheduler", "HeunDiscreteScheduler", "DPMSolverMultistepScheduler",
                     "DPMSolverSinglestepScheduler", "UniPCMultistepScheduler", "DEISMultistepScheduler"):
            yield case(name, 10, {spacing: True}, strength=0.6)
    for order in (1, 3):
        for name in ("DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler", "UniPCMultistepScheduler"):
            for strength in (0.5, 0.7, 0.8):
                yield case(name, 10, {"solver_order": order}, strength=strength)
                yield case(name, 20, {"solver_order": order}, strength=strength)
    yield case("UniPCMultistepScheduler", 10, {"disable_corrector": [0, 5]}, strength=0.6)
    yield case("DPMSolverMultistepScheduler", 10, {"algorithm_type": "sde-dpmsolver++"}, strength=0.6)

    for clipped in (False, True):
        for eta in (0.0, 0.6):
            for kind in ("epsilon", "v_prediction", "sample"):
                yield case("DDIMScheduler", 10, {"clip_sample_range": 0.8, "prediction_type": kind}, eta=eta,
                           use_clipped_model_output=clipped)
            yield case("DDIMScheduler", 10, {"thresholding": True, "dynamic_thresholding_ratio": 0.8,
                                             "sample_max_value": 1.2}, eta=eta, use_clipped_model_output=clipped)
    for kind in ("epsilon", "v_prediction", "sample"):
        for churn in ({"s_churn": 4.0}, {"s_churn": 40.0, "s_noise": 1.007}, {"s_churn": 3.0, "s_tmin": 0.5, "s_tmax": 20.0}):
            yield case("EulerDiscreteScheduler", 10, {"prediction_type": kind}, **churn)
    yield case("EulerDiscreteScheduler", 10, {"use_karras_sigmas": True}, s_churn=4.0)
    yield case("EulerDiscreteScheduler", 10, {"timestep_spacing": "leading"}, s_churn=4.0, strength=0.5)
    yield case("EulerDiscreteScheduler", 10, {"final_sigmas_type": "sigma_min"}, s_churn=4.0)
    for kind in ("epsilon", "v_prediction"):
        for churn in ({"s_churn": 4.0}, {"s_churn": 40.0, "s_noise": 1.007}, {"s_churn": 3.0, "s_tmin": 0.5, "s_tmax": 20.0}):
            yield case("EDMEulerScheduler", 10, {"prediction_type": kind}, **churn)


def write(folder, runs, tensors):
    (folder / "runs.json").write_text("[\n" + ",\n".join(json.dumps(entry) for entry in runs) + "\n]\n")
    header, data = {}, b""
    for name, values in tensors.items():
        raw = values.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (folder / "trajectories.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


def main():
    step, schedulers = load(sys.argv[1])
    given = len(sys.argv) > 2
    runs, tensors = [], {}
    for entry in json.loads(pathlib.Path(sys.argv[2]).read_text()) if given else cases():
        options = {key: value for key, value in entry["config"].items() if key != "_class_name"}
        try:
            trajectory = run(schedulers[entry["config"]["_class_name"]](**options), entry, step)
            assert torch.isfinite(trajectory).all(), entry
        except Exception as e:
            if not given:
                raise
            runs.append(dict(entry, error=f"{type(e).__name__}: {e}"))
            continue
        tensors[f"{len(runs):03d}"] = trajectory[stored(len(trajectory))].numpy()
        runs.append(dict(entry, length=len(trajectory)))
    write(pathlib.Path(sys.argv[3]) if given else pathlib.Path(__file__).parent, runs, tensors)


main()
