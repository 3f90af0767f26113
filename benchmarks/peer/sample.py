"""Draws images with DDIM, as a whole process: start of Python, reading of the folder, writing of a picture."""

import argparse
import pathlib
import struct
import sys
import zlib

import torch

from folder import Folder
from work import Mode


@torch.inference_mode()
def ddim(network, mode, recipe, x, steps, after_step):
    """DDIM without fresh noise over times at equal distances, counted from the noisy end."""
    alpha_bar = torch.tensor(recipe["alpha_bar"])
    last = len(alpha_bar) - 1
    times = [round(last - i * last / steps) for i in range(steps)] + [0]
    for t, s in zip(times, times[1:]):
        signal, sigma = alpha_bar[t].sqrt(), (1 - alpha_bar[t]).sqrt()
        with mode.precision():
            answer = network(mode.laid_out(x), torch.full((len(x),), t - 1)).float()
        x0 = signal * x - sigma * answer if recipe["prediction"] == "v" else (x - sigma * answer) / signal
        x0 = x0.clamp(-1, 1)
        noise = (x - signal * x0) / sigma
        x = alpha_bar[s].sqrt() * x0 + (1 - alpha_bar[s]).sqrt() * noise
        after_step()
    return x


def write_png(images, file):
    """A grid of gray or color images, eight in a row."""
    count, channels, height, width = images.shape
    rows = -(-count // 8)
    grid = torch.zeros(rows * 8, channels, height, width)
    grid[:count] = images
    grid = grid.reshape(rows, 8, channels, height, width).permute(0, 3, 1, 4, 2)
    pixels = ((grid.reshape(rows * height, 8 * width * channels) + 1) * 127.5).round().to(torch.uint8)
    lines = b"".join(b"\0" + bytes(line.tolist()) for line in pixels)
    header = struct.pack(">IIBBBBB", 8 * width, rows * height, 8, {1: 0, 3: 2}[channels], 0, 0, 0)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pathlib.Path(file).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                                   + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--mode", default="eager")
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--n", type=int, default=64)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    folder, mode = Folder(options.model), Mode(options.mode)
    network = mode.compiled(mode.network(folder).eval())
    first = [True]

    def after_step():
        if first.pop() if first else False:
            print("trace: first denoising step", file=sys.stderr, flush=True)

    noise = torch.randn(folder.shape(options.n), generator=torch.Generator().manual_seed(0))
    write_png(ddim(network, mode, folder.recipe, noise, options.steps, after_step), options.out)


if __name__ == "__main__":
    main()
