package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.cli.InferenceEngine;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.nn.DividedPass;
import io.github.diffusion4j.nn.ForwardPass;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Predictions for a batch of noise, as a sampler asks for them. */
final class ForwardWork implements Work {
  private static final double TIME = 500;

  private final DiffusionModel model;
  private final DividedPass divided;
  private final ForwardPass pass;
  private final Tensor x;
  private final Tensor time;

  ForwardWork(ExperimentConfig config, InferenceEngine engine) {
    UNetConfig network = config.unet();
    int batch = config.training().batch();
    model = engine.start(new DiffusionModel(Network.of(network, Seed.of(0)), config.process()));
    divided = new DividedPass(model.network(), batch);
    pass =
        switch (engine) {
          case TORCH -> divided;
          case ONNX -> model.pass();
        };
    try (Scope scope = Scope.open()) {
      x =
          Seed.of(1)
              .normal(batch, network.channels(), network.size(), network.size())
              .outlivingScopes();
      time = Tensor.full(TIME, batch).outlivingScopes();
    }
  }

  @Override
  public List<Double> run(int repetitions) {
    List<Double> seconds = new ArrayList<>();
    while (seconds.size() < repetitions) {
      long start = System.nanoTime();
      try (Scope scope = Scope.open();
          NoGrad off = NoGrad.open()) {
        pass.forward(x, time, Optional.empty());
      }
      seconds.add((System.nanoTime() - start) * 1e-9);
    }
    return seconds;
  }

  @Override
  public void close() {
    x.close();
    time.close();
    divided.close();
    model.close();
  }
}
