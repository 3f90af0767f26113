"""Makes more_runs.json, more_trajectories.safetensors and more_signatures.json: as make.py, for more classes.

Usage: python make_more.py DIFFUSERS, the folder src/diffusers of a checkout of v0.40.0; needs torch, numpy
and scipy.

A run also has `unit`, by which the time is divided before the network sees it, and `eta`, which TCD takes as an
argument of its steps. DPMSolverSDEScheduler takes its noise from torchsde's Brownian path; here the path is
made of the same sines as all other noise: the increment over each piece of σ that no call has covered yet
is noise(k) times the root of its length, k from 1.
"""

import importlib
import json
import pathlib
import sys

import make
import numpy as np
import torch

FILES = {
    "KDPM2DiscreteScheduler": "k_dpm_2_discrete",
    "KDPM2AncestralDiscreteScheduler": "k_dpm_2_ancestral_discrete",
    "IPNDMScheduler": "ipndm",
    "SASolverScheduler": "sasolver",
    "LCMScheduler": "lcm",
    "TCDScheduler": "tcd",
    "CMStochasticIterativeScheduler": "consistency_models",
    "DPMSolverSDEScheduler": "dpmsolver_sde",
    "DPMSolverMultistepInverseScheduler": "dpmsolver_multistep_inverse",
    "DDIMInverseScheduler": "ddim_inverse",
    "DDIMParallelScheduler": "ddim_parallel",
    "DDPMParallelScheduler": "ddpm_parallel",
}
UNITS = {"IPNDMScheduler": 1, "CMStochasticIterativeScheduler": 100}


class Path:
    """A path from the largest σ down, known at each σ that it was asked about."""

    def __init__(self, t1, **others):
        self.known = [(float(t1), torch.zeros(make.SHAPE))]

    def at(self, sigma):
        for known, value in self.known:
            if abs(known - sigma) <= 1e-5 * sigma:
                return value
        last, value = self.known[-1]
        assert sigma < last, "pieces come in descending order"
        value = value + make.noise(len(self.known)) * (last - sigma) ** 0.5
        self.known.append((sigma, value))
        return value

    def __call__(self, low, high):
        above = self.at(float(high))
        return above - self.at(float(low))


def load(folder):
    draws, schedulers = make.load(folder)
    make.module("torchsde", BrownianInterval=Path)
    for name, file in FILES.items():
        schedulers[name] = getattr(importlib.import_module("diffusers.schedulers.scheduling_" + file), name)
    return draws, schedulers


def run(scheduler, unit, steps, draws, arguments):
    draws.clear()
    scheduler.set_timesteps(steps)
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(0)  # else it is looked up by the time, of which there may be two
    n = int(np.prod(make.SHAPE))
    x = (torch.arange(n, dtype=torch.float32) / 48 - 1).reshape(make.SHAPE) * scheduler.init_noise_sigma
    trajectory = []
    for t in scheduler.timesteps:
        seen = scheduler.scale_model_input(x, t)
        x = scheduler.step(torch.sin(seen + t / unit) / 2, t, x, **arguments).prev_sample.float()
        trajectory.append(x)
    return torch.stack(trajectory)


def in_sigma(name):
    yield name, 10, {}
    yield name, 7, {"prediction_type": "v_prediction", "beta_schedule": "scaled_linear"}
    for spacing in ({"timestep_spacing": "leading", "steps_offset": 1}, {"timestep_spacing": "trailing"}):
        yield name, 10, dict(spacing, beta_start=0.0001, beta_end=0.02)
    for option in ("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas"):
        yield name, 8, {option: True}
        yield name, 8, {option: True, "timestep_spacing": "trailing", "prediction_type": "v_prediction"}
    # Not at t = 0, where σ of diffusers' F32 tables is off by 3e-4, and not with one step at "linspace", which
    # diffusers takes from t = 0.
    cosine = {"beta_schedule": "squaredcos_cap_v2", "timestep_spacing": "leading", "steps_offset": 1}
    yield name, 10, dict(cosine, use_karras_sigmas=True)
    yield name, 1, {"timestep_spacing": "trailing"}


def sa_solver():
    name = "SASolverScheduler"
    yield name, 10, {}
    for kind in ("sample", "v_prediction"):
        yield name, 12, {"prediction_type": kind}
    for orders in ((1, 1), (1, 2), (2, 1), (3, 3), (2, 4), (4, 4), (3, 1)):
        yield name, 12, {"predictor_order": orders[0], "corrector_order": orders[1]}
    for order in (1, 2, 3):
        options = {"algorithm_type": "noise_prediction", "predictor_order": order, "corrector_order": order}
        yield name, 20, options
    yield name, 20, {"algorithm_type": "noise_prediction", "prediction_type": "v_prediction"}
    yield name, 10, {"lower_order_final": False, "predictor_order": 3, "corrector_order": 3}
    yield name, 10, {"timestep_spacing": "leading", "steps_offset": 1}
    yield name, 10, {"timestep_spacing": "trailing"}
    for option in ("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas"):
        yield name, 10, {option: True}
    yield name, 10, {"use_karras_sigmas": True, "beta_schedule": "squaredcos_cap_v2", "prediction_type": "v_prediction"}
    yield name, 10, {"lambda_min_clipped": -2.5}
    yield name, 10, {"thresholding": True, "dynamic_thresholding_ratio": 0.9, "sample_max_value": 1.5}


def few_steps(name):
    for steps in (1, 2, 4, 8):
        yield name, steps, {}
    yield name, 4, {"prediction_type": "v_prediction", "rescale_betas_zero_snr": True}
    yield name, 4, {"prediction_type": "sample", "beta_schedule": "linear"}
    for steps, original in ((4, 4), (3, 50), (5, 33), (7, 100)):
        yield name, steps, {"original_inference_steps": original}
    yield name, 4, {"clip_sample": True, "clip_sample_range": 0.8}
    yield name, 4, {"thresholding": True, "dynamic_thresholding_ratio": 0.9, "sample_max_value": 1.5}
    yield name, 4, {"set_alpha_to_one": False, "steps_offset": 1, "timestep_spacing": "trailing"}
    yield name, 4, {"timestep_scaling": 0.01}


def inverse():
    name = "DDIMInverseScheduler"
    for options in (
        {}, {"timestep_spacing": "trailing"}, {"steps_offset": 1}, {"set_alpha_to_one": False},
        {"set_alpha_to_one": False, "timestep_spacing": "trailing"}, {"clip_sample": False},
        {"clip_sample_range": 0.5}, {"prediction_type": "v_prediction"},
        {"prediction_type": "v_prediction", "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"},
        {"prediction_type": "sample", "set_alpha_to_one": False, "timestep_spacing": "trailing"},
    ):
        yield name, 10, options
    name = "DPMSolverMultistepInverseScheduler"
    for options in (
        {}, {"solver_order": 1}, {"solver_order": 3}, {"solver_type": "heun"}, {"prediction_type": "v_prediction"},
        {"prediction_type": "sample", "timestep_spacing": "trailing"},
        {"timestep_spacing": "leading", "steps_offset": 1}, {"timestep_spacing": "trailing"},
        {"algorithm_type": "dpmsolver", "solver_order": 3},
        {"lower_order_final": False, "solver_order": 3}, {"euler_at_final": True}, {"lambda_min_clipped": -2.5},
        {"use_karras_sigmas": True}, {"use_exponential_sigmas": True}, {"use_beta_sigmas": True},
        {"thresholding": True, "dynamic_thresholding_ratio": 0.9, "sample_max_value": 1.5},
    ):
        yield name, 10, options
    yield name, 16, {"solver_order": 3, "algorithm_type": "dpmsolver"}


def cases():
    for name in ("KDPM2DiscreteScheduler", "KDPM2AncestralDiscreteScheduler", "DPMSolverSDEScheduler"):
        yield from in_sigma(name)
    for steps in (1, 2, 3, 10, 16, 50):
        yield "IPNDMScheduler", steps, {}
    yield "IPNDMScheduler", 10, {"num_train_timesteps": 400}
    yield from sa_solver()
    yield from few_steps("LCMScheduler")
    for eta in (0.3, 0.0, 1.0):
        for name, steps, options in few_steps("TCDScheduler"):
            yield name, steps, dict(options, eta=eta)
    for steps, options in (
        (1, {}), (2, {}), (5, {}), (40, {}), (5, {"s_noise": 1.01}), (5, {"clip_denoised": False}),
        (6, {"rho": 5.0, "sigma_min": 0.01, "sigma_max": 20.0, "sigma_data": 0.7, "num_train_timesteps": 18}),
    ):
        yield "CMStochasticIterativeScheduler", steps, options
    yield from inverse()
    for options in (
        {}, {"timestep_spacing": "trailing"}, {"set_alpha_to_one": False, "steps_offset": 1}, {"clip_sample": False},
        {"prediction_type": "v_prediction", "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"},
        {"thresholding": True, "dynamic_thresholding_ratio": 0.9, "sample_max_value": 1.5},
    ):
        yield "DDIMParallelScheduler", 10, options
    yield "DDIMParallelScheduler", 10, {"timestep_spacing": "trailing", "eta": 0.5}
    for options in (
        {}, {"timestep_spacing": "trailing"}, {"clip_sample": False, "prediction_type": "v_prediction"},
        {"prediction_type": "sample", "timestep_spacing": "linspace"},
        {"thresholding": True, "dynamic_thresholding_ratio": 0.9, "sample_max_value": 1.5},
    ):
        yield "DDPMParallelScheduler", 10, options
    for options in (
        {}, {"timestep_spacing": "trailing"}, {"use_karras_sigmas": True, "sigma_max": 20.0},
        {"final_sigmas_type": "sigma_min"}, {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"},
        {"interpolation_type": "log_linear"},
    ):
        yield "EulerDiscreteScheduler", 10, dict(
            options, timestep_type="continuous", prediction_type="v_prediction", unit=1
        )
    # The whole range of a cosine schedule, to σ = 20,291.
    for name, option in (
        ("DPMSolverMultistepScheduler", "use_karras_sigmas"), ("DPMSolverMultistepScheduler", "use_lu_lambdas"),
        ("UniPCMultistepScheduler", "use_karras_sigmas"), ("DEISMultistepScheduler", "use_exponential_sigmas"),
        ("DEISMultistepScheduler", "use_karras_sigmas"), ("DPMSolverSinglestepScheduler", "use_karras_sigmas"),
    ):
        yield name, 10, {"beta_schedule": "squaredcos_cap_v2", option: True, "prediction_type": "v_prediction"}


def main():
    draws, schedulers = load(sys.argv[1])
    runs, tensors = [], {}
    for number, (name, steps, options) in enumerate(cases()):
        unit = options.pop("unit", UNITS.get(name, 1000))
        arguments = {"eta": options.pop("eta")} if "eta" in options else {}
        trajectory = run(schedulers[name](**options), unit, steps, draws, arguments)
        assert torch.isfinite(trajectory).all(), (name, options)
        runs.append(dict(arguments, steps=steps, unit=unit, config=dict(_class_name=name, **options)))
        tensors[f"{number:03d}"] = trajectory.numpy()
    folder = pathlib.Path(__file__).parent
    lines = ",\n".join(json.dumps(entry) for entry in runs)
    (folder / "more_runs.json").write_text("[\n" + lines + "\n]\n")
    signatures = {name: make.signature(schedulers[name]) for name in FILES}
    signatures["DDIMInverseScheduler"].pop("kwargs")
    (folder / "more_signatures.json").write_text(json.dumps(signatures, indent=1) + "\n")
    (folder / "more_trajectories.safetensors").write_bytes(make.safetensors(tensors))


if __name__ == "__main__":
    main()
