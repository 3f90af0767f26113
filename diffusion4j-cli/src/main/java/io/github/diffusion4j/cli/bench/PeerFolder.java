package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.OptimizerConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the other side is given, so that it does the same: a model in diffusers' layout, the recipe
 * as numbers ({@code recipe.json}), and what the network answers to a few inputs ({@code
 * answers.safetensors}).
 */
final class PeerFolder {
  private static final float[] TIMES = {1, 37, 500, 999};

  private PeerFolder() {}

  /**
   * Writes the folder.
   *
   * @param kind {@code train} or {@code forward}
   */
  static void write(Path folder, String kind, ExperimentConfig config) throws IOException {
    try (Network network = Network.of(config.model(), Seed.of(config.seed()))) {
      DiffusersPipeline.write(folder, config.model(), config.process(), network.parameters());
      AtomicFile.write(folder.resolve("recipe.json"), recipe(kind, config));
      try (Scope scope = Scope.open()) {
        Safetensors.write(
            folder.resolve("answers.safetensors"), answers(network, config.unet()), Map.of());
      }
    }
  }

  private static String recipe(String kind, ExperimentConfig config) {
    NoiseSchedule schedule = FromConfig.schedule(config.process().schedule());
    double[] alphaBar = new double[schedule.steps() + 1];
    for (int t = 0; t <= schedule.steps(); t++) {
      alphaBar[t] = schedule.alphaBar(t);
    }
    OptimizerConfig optimizer = config.training().optimizer();
    Map<String, Object> recipe = new LinkedHashMap<>();
    recipe.put("kind", kind);
    recipe.put("batch", config.training().batch());
    recipe.put("prediction", Word.of(config.process().prediction()));
    recipe.put("optimizer", Word.of(optimizer.kind()));
    recipe.put("rate", config.training().learningRate().peak());
    recipe.put("matrix_rate", optimizer.matrixRate());
    recipe.put("beta1", optimizer.beta1());
    recipe.put("beta2", optimizer.beta2());
    recipe.put("stabilizer", optimizer.stabilizer());
    recipe.put("clip", optimizer.gradientClip().orElse(Double.MAX_VALUE));
    recipe.put("ema_decay", config.training().ema().decay());
    recipe.put("alpha_bar", alphaBar);
    return JsonMapper.shared().writeValueAsString(recipe);
  }

  private static Map<String, Tensor> answers(Network network, UNetConfig config) {
    int count = TIMES.length;
    Seed seed = Seed.of(0);
    Tensor x = seed.derive("x").normal(count, config.channels(), config.size(), config.size());
    Tensor noise = seed.derive("noise").normal(x.shape());
    Tensor time = Tensor.of(TIMES, count);
    Tensor answer = network.forward(x, time, Optional.empty(), Dropout.NONE);
    Tensor loss = noise.minus(answer).square().mean();
    loss.backward();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("x", x);
    tensors.put("time", time);
    tensors.put("noise", noise);
    tensors.put("answer", answer.detach().contiguous());
    tensors.put("loss", loss.detach());
    tensors.put("gradient_norm", gradientNorm(network));
    return tensors;
  }

  private static Tensor gradientNorm(Network network) {
    try (NoGrad off = NoGrad.open()) {
      List<Tensor> norms =
          network.parameters().values().stream()
              .map(parameter -> parameter.gradient().norm())
              .toList();
      return Tensor.stack(norms, 0).norm();
    }
  }
}
