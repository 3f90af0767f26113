package io.github.diffusion4j.cli;

import io.github.diffusion4j.baseline.Discriminator;
import io.github.diffusion4j.baseline.Generator;
import io.github.diffusion4j.baseline.Hvae;
import io.github.diffusion4j.baseline.Vae;
import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.config.GanConfig;
import io.github.diffusion4j.config.HvaeConfig;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.VaeConfig;
import io.github.diffusion4j.nn.Layer;
import io.github.diffusion4j.nn.LayerAnswers;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.KnownAnswer;
import io.github.diffusion4j.torch.KnownAnswer.Deviation;
import io.github.diffusion4j.torch.KnownAnswers;
import io.github.diffusion4j.torch.Seed;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How far this machine is off in each kind of layer of every preset, forward and gradients.
 *
 * @param operations how many were computed, each three times
 * @param worst the worst deviation of each kind
 */
record KnownAnswersReport(int operations, Map<String, Deviation> worst) {
  static KnownAnswersReport measure() {
    List<KnownAnswer> all = new ArrayList<>(KnownAnswers.few());
    all.addAll(layersOfPresets());
    return new KnownAnswersReport(all.size(), KnownAnswers.worst(all));
  }

  private static List<KnownAnswer> layersOfPresets() {
    LayerAnswers layers = new LayerAnswers();
    for (String name : Presets.names()) {
      ModelConfig model = Presets.load(name).model();
      try (Network network = Network.withoutWeights(model)) {
        if (model instanceof UNetConfig unet) {
          LayerConfig config = unet.layers();
          layers.add(
              network.parameters(),
              config::groupsOf,
              channels -> channels / config.headWidth(channels));
        } else {
          layers.add(network.parameters(), channels -> 1, channels -> 1);
        }
      }
    }
    for (String name : Presets.baselines()) {
      addBaseline(layers, Presets.baseline(name).family());
    }
    return layers.list();
  }

  private static void addBaseline(LayerAnswers layers, FamilyConfig family) {
    Seed seed = Seed.of(0);
    List<Layer> networks = new ArrayList<>();
    if (family instanceof VaeConfig vae) {
      networks.add(new Vae(vae, seed));
    } else if (family instanceof HvaeConfig hvae) {
      networks.add(new Hvae(hvae, seed));
    } else if (family instanceof GanConfig gan) {
      networks.add(new Generator(gan, seed));
      networks.add(new Discriminator(gan, seed));
    }
    for (Layer network : networks) {
      try (network) {
        layers.add(network.parameters(), channels -> FamilyConfig.GROUP, channels -> 1);
      }
    }
  }

  boolean isRight() {
    return worst.values().stream().allMatch(Deviation::isRounding);
  }

  void print(PrintStream out) {
    worst.forEach(
        (kind, deviation) ->
            out.printf(
                Locale.ROOT,
                "  %-30s %8.1e of %.0e %s%n",
                kind,
                deviation.value(),
                deviation.limit(),
                deviation.isRounding() ? "" : "WRONG: " + deviation.where()));
  }
}
