"""Muon (Jordan et al. 2024) with AdamW for what is no hidden matrix, as diffusion4j defines it."""

import torch

NOT_HIDDEN = ("conv_in.", "conv_out.", "time_embedding.", "time_emb_proj.")
MOMENTUM = 0.95


def is_hidden_matrix(name, parameter):
    return parameter.ndim >= 2 and not any(part in name for part in NOT_HIDDEN)


def orthogonalized(matrix):
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + torch.addmm(a, a, a, beta=-4.7750, alpha=2.0315) @ x
    return x.T if tall else x


class Muon:
    def __init__(self, network, recipe):
        named = list(network.named_parameters())
        self.matrices = [p for name, p in named if is_hidden_matrix(name, p)]
        self.momenta = [torch.zeros_like(p) for p in self.matrices]
        self.others = torch.optim.AdamW(
            [p for name, p in named if not is_hidden_matrix(name, p)], lr=recipe["rate"],
            betas=(recipe["beta1"], recipe["beta2"]), eps=recipe["stabilizer"], weight_decay=0, fused=True)
        self.rate = recipe["rate"] * recipe["matrix_rate"]

    @torch.no_grad()
    def step(self):
        self.others.step()
        gradients = [p.grad for p in self.matrices]
        torch._foreach_lerp_(self.momenta, gradients, 1 - MOMENTUM)
        for matrix, direction in zip(self.matrices, torch._foreach_lerp(gradients, self.momenta, MOMENTUM)):
            flat = direction.reshape(direction.shape[0], -1)
            scale = max(1, flat.shape[0] / flat.shape[1]) ** 0.5
            matrix.add_(orthogonalized(flat).reshape(matrix.shape), alpha=-self.rate * scale)

    def zero_grad(self):
        self.others.zero_grad()
        for matrix in self.matrices:
            matrix.grad = None
