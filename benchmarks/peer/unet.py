"""UNet2DModel in plain PyTorch, with diffusers' names, so that a folder's state dict fits."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class ResidualBlock(nn.Module):
    def __init__(self, channels_in, channels_out, time_width, config):
        super().__init__()
        groups, eps = config["norm_num_groups"], config["norm_eps"]
        self.norm1 = nn.GroupNorm(groups, channels_in, eps=eps)
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, padding=1)
        self.time_emb_proj = nn.Linear(time_width, channels_out)
        self.norm2 = nn.GroupNorm(groups, channels_out, eps=eps)
        self.dropout = nn.Dropout(config.get("dropout", 0.0))
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, padding=1)
        if channels_in != channels_out:
            self.conv_shortcut = nn.Conv2d(channels_in, channels_out, 1)
        else:
            self.conv_shortcut = nn.Identity()

    def forward(self, x, time):
        h = self.conv1(F.silu(self.norm1(x)))
        h = self.norm2(h + self.time_emb_proj(F.silu(time))[:, :, None, None])
        return self.conv_shortcut(x) + self.conv2(self.dropout(F.silu(h)))


class Attention(nn.Module):
    def __init__(self, channels, config):
        super().__init__()
        self.heads = channels // (config["attention_head_dim"] or channels)
        self.group_norm = nn.GroupNorm(config["norm_num_groups"], channels, eps=config["norm_eps"])
        self.to_q = nn.Linear(channels, channels)
        self.to_k = nn.Linear(channels, channels)
        self.to_v = nn.Linear(channels, channels)
        self.to_out = nn.ModuleList([nn.Linear(channels, channels)])

    def split(self, rows):
        return rows.unflatten(2, (self.heads, -1)).transpose(1, 2)

    def forward(self, x):
        rows = self.group_norm(x).flatten(2).transpose(1, 2)
        mixed = F.scaled_dot_product_attention(
            self.split(self.to_q(rows)), self.split(self.to_k(rows)), self.split(self.to_v(rows)))
        rows = self.to_out[0](mixed.transpose(1, 2).flatten(2))
        return x + rows.transpose(1, 2).unflatten(2, x.shape[2:])


class Downsample(nn.Module):
    def __init__(self, channels, config):
        super().__init__()
        self.padding = config["downsample_padding"]
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=self.padding)

    def forward(self, x):
        return self.conv(x if self.padding else F.pad(x, (0, 1, 0, 1)))


class Upsample(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))


class Level(nn.Module):
    """Residual blocks of one resolution, each with an attention behind it where the level has them."""

    def __init__(self, widths_in, width, time_width, attends, config):
        super().__init__()
        self.resnets = nn.ModuleList(ResidualBlock(w, width, time_width, config) for w in widths_in)
        self.attentions = nn.ModuleList(Attention(width, config) for _ in widths_in if attends)

    def block(self, index, h, time):
        h = self.resnets[index](h, time)
        return self.attentions[index](h) if len(self.attentions) else h


class Middle(nn.Module):
    def __init__(self, width, time_width, attends, config):
        super().__init__()
        self.resnets = nn.ModuleList(ResidualBlock(width, width, time_width, config) for _ in range(2))
        self.attentions = nn.ModuleList([Attention(width, config)] if attends else [])

    def forward(self, h, time):
        h = self.resnets[0](h, time)
        for attention in self.attentions:
            h = attention(h)
        return self.resnets[1](h, time)


class TimeEmbedding(nn.Module):
    def __init__(self, config):
        super().__init__()
        first = config["block_out_channels"][0]
        half = first // 2
        steps = torch.arange(half, dtype=torch.float32) / (half - config["freq_shift"])
        self.register_buffer("frequencies", torch.exp(-math.log(10000) * steps), persistent=False)
        self.cosines_first = config["flip_sin_to_cos"]
        self.linear_1 = nn.Linear(first, 4 * first)
        self.linear_2 = nn.Linear(4 * first, 4 * first)

    def forward(self, time):
        angles = time[:, None].float() * self.frequencies[None]
        parts = (angles.cos(), angles.sin()) if self.cosines_first else (angles.sin(), angles.cos())
        return self.linear_2(F.silu(self.linear_1(torch.cat(parts, dim=1))))


class UNet(nn.Module):
    """The unconditional network that a config.json describes, for the options that DDPM has."""

    def __init__(self, config):
        super().__init__()
        refuse_rare_options(config)
        widths = config["block_out_channels"]
        time_width = 4 * widths[0]
        last = len(widths) - 1
        blocks = config["layers_per_block"]
        self.time_embedding = TimeEmbedding(config)
        self.conv_in = nn.Conv2d(config["in_channels"], widths[0], 3, padding=1)
        self.down_blocks, self.up_blocks = nn.ModuleList(), nn.ModuleList()
        width, skips = widths[0], [widths[0]]
        for index, (kind, out) in enumerate(zip(config["down_block_types"], widths)):
            level = Level([width] + [out] * (blocks - 1), out, time_width, "Attn" in kind, config)
            level.downsamplers = nn.ModuleList([Downsample(out, config)] if index < last else [])
            self.down_blocks.append(level)
            width = out
            skips += [out] * (blocks + (index < last))
        self.mid_block = Middle(width, time_width, config.get("add_attention", True), config)
        for index, (kind, out) in enumerate(zip(config["up_block_types"], reversed(widths))):
            widths_in = [(width if i == 0 else out) + skips.pop() for i in range(blocks + 1)]
            level = Level(widths_in, out, time_width, "Attn" in kind, config)
            level.upsamplers = nn.ModuleList([Upsample(out)] if index < last else [])
            self.up_blocks.append(level)
            width = out
        self.conv_norm_out = nn.GroupNorm(config["norm_num_groups"], width, eps=config["norm_eps"])
        self.conv_out = nn.Conv2d(width, config["out_channels"], 3, padding=1)

    def forward(self, x, time):
        time = self.time_embedding(time)
        h = self.conv_in(x)
        skips = [h]
        for level in self.down_blocks:
            for index in range(len(level.resnets)):
                h = level.block(index, h, time)
                skips.append(h)
            for downsample in level.downsamplers:
                h = downsample(h)
                skips.append(h)
        h = self.mid_block(h, time)
        for level in self.up_blocks:
            for index in range(len(level.resnets)):
                h = level.block(index, torch.cat([h, skips.pop()], dim=1), time)
            for upsample in level.upsamplers:
                h = upsample(h)
        return self.conv_out(F.silu(self.conv_norm_out(h)))


def refuse_rare_options(config):
    plain = {"time_embedding_type": "positional", "center_input_sample": False, "downsample_type": "conv",
             "upsample_type": "conv", "class_embed_type": None, "num_class_embeds": None, "act_fn": "silu",
             "resnet_time_scale_shift": "default", "mid_block_scale_factor": 1, "attn_norm_num_groups": None}
    for option, value in plain.items():
        if config.get(option, value) != value:
            raise ValueError(f"{option} is {config[option]}; allowed: {value}")
    for kind in config["down_block_types"] + config["up_block_types"]:
        if kind not in ("DownBlock2D", "AttnDownBlock2D", "UpBlock2D", "AttnUpBlock2D"):
            raise ValueError(f"the block {kind} is not known here")
