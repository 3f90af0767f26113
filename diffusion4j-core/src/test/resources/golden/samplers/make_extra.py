"""Makes extra.safetensors: trajectories of diffusers v0.40.0, with the loop of its pipelines.

pip install diffusers==0.40.0 torch numpy scipy safetensors && python make_extra.py
"""

import sys

import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from diffusers.schedulers.scheduling_ddim_inverse import DDIMInverseScheduler
from diffusers.schedulers.scheduling_euler_ancestral_discrete import EulerAncestralDiscreteScheduler
from diffusers.schedulers.scheduling_euler_discrete import EulerDiscreteScheduler
from diffusers.schedulers.scheduling_heun_discrete import HeunDiscreteScheduler
from diffusers.schedulers.scheduling_lms_discrete import LMSDiscreteScheduler
from diffusers.schedulers.scheduling_pndm import PNDMScheduler
from safetensors.torch import save_file

SHAPE = (2, 3, 4, 4)
START = (torch.arange(96, dtype=torch.float32) / 48 - 1).reshape(SHAPE)
STEPS = 10
LINEAR = dict(num_train_timesteps=1000, beta_start=1e-4, beta_end=0.02, beta_schedule="linear")


def model(x, t):
    """Bounded, and not proportional to x."""
    return torch.sin(x) * (0.1 + 0.0009 * float(t))


def run(scheduler, **step_options):
    """Starts at START * init_noise_sigma; the sample after every step, unscaled."""
    scheduler.set_timesteps(STEPS)
    sample = START * scheduler.init_noise_sigma
    samples = []
    for t in scheduler.timesteps:
        scaled = scheduler.scale_model_input(sample, t)
        sample = scheduler.step(model(scaled, t), t, sample, **step_options).prev_sample
        samples.append(sample)
    return torch.stack(samples)


def main(path):
    out = {}
    for prediction in ("epsilon", "v_prediction"):
        options = dict(LINEAR, prediction_type=prediction)
        for spacing in ("linspace", "leading", "trailing"):
            spaced = dict(options, timestep_spacing=spacing)
            out[f"euler.{prediction}.{spacing}"] = run(EulerDiscreteScheduler(**spaced))
            out[f"lms.{prediction}.{spacing}"] = run(LMSDiscreteScheduler(**spaced))
            out[f"heun.{prediction}.{spacing}"] = run(HeunDiscreteScheduler(**spaced))
            out[f"euler_ancestral.{prediction}.{spacing}"] = run(
                EulerAncestralDiscreteScheduler(**spaced), generator=torch.Generator().manual_seed(0)
            )
        for sigmas in ("karras", "exponential"):
            chosen = {**options, f"use_{sigmas}_sigmas": True}
            out[f"euler.{prediction}.{sigmas}"] = run(EulerDiscreteScheduler(**chosen))
            out[f"lms.{prediction}.{sigmas}"] = run(LMSDiscreteScheduler(**chosen))
            out[f"heun.{prediction}.{sigmas}"] = run(HeunDiscreteScheduler(**chosen))
        for one in (True, False):
            out[f"pndm_plms.{prediction}.{one}"] = run(
                PNDMScheduler(skip_prk_steps=True, set_alpha_to_one=one, steps_offset=1, **options)
            )
            out[f"pndm.{prediction}.{one}"] = run(
                PNDMScheduler(set_alpha_to_one=one, steps_offset=1, **options)
            )
        for clip in (True, False):
            out[f"ddim_inverse.{prediction}.{clip}"] = run(
                DDIMInverseScheduler(clip_sample=clip, **options)
            )
        for eta in (0.0, 0.5, 1.0):
            out[f"ddim.{prediction}.{eta}"] = run(
                DDIMScheduler(clip_sample=False, timestep_spacing="trailing", **options),
                eta=eta, generator=torch.Generator().manual_seed(0),
            )
    # noise of each step, in the order in which it was drawn
    generator = torch.Generator().manual_seed(0)
    out["noise"] = torch.stack([torch.randn(SHAPE, generator=generator) for _ in range(STEPS)])
    save_file({name: value.float().contiguous() for name, value in out.items()}, path)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "extra.safetensors")
