package io.github.diffusion4j.cli;

import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.config.Extent;
import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.config.HeadCount;
import io.github.diffusion4j.config.HvaeConfig;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.LucidLevelConfig;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What is known of a model, printed as rows of a name and a value, and kept for programs. */
final class Rows {
  private final Map<String, Object> tree = new LinkedHashMap<>();

  void describe(ModelConfig config) {
    if (config instanceof UNetConfig unet) {
      boolean known = DiffusersPipeline.knows(unet);
      print("network", known ? "U-Net, diffusers' UNet2DModel" : "U-Net, unknown to diffusers");
      print("images", images(unet));
      print("widths", list(unet.widths()));
      print("levels", list(unet.blocks().stream().map(Word::of).toList()));
      print("middle", Word.of(unet.middle()));
      print("blocks per level", unet.blocksPerLevel());
      print("attention", heads(unet.layers()));
      print("outputs", channels(unet.outputs()));
      if (unet.layers().timeEmbedding().kind() instanceof TimeFeatures.Scaled scaled) {
        print("time", "multiplied by " + scaled.factor());
      }
    } else if (config instanceof LucidUNetConfig lucid) {
      print("network", "U-Net of lucidrains' denoising-diffusion-pytorch");
      print(
          "images",
          String.format(
              Locale.ROOT, "%d x %d, %s", lucid.size(), lucid.size(), channels(lucid.channels())));
      print("widths", list(lucid.widths()));
      print("attention", list(lucid.levels().stream().map(Rows::attention).toList()));
      print("generation", Word.of(lucid.layers().generation()));
      print("self-conditioning", Word.of(lucid.selfConditioning()));
      print("outputs", channels(lucid.outputs()));
    } else if (config instanceof MlpConfig mlp) {
      print("network", "multilayer perceptron for points, of diffusion4j");
      print("points", mlp.dimensions() + " dimensions");
      print("width", mlp.width());
      print("depth", mlp.depth());
    }
    print("classes", config.classes().map(Object::toString).orElse("none"));
  }

  void describe(FamilyConfig family) {
    print("family", family.word());
    print(
        "images",
        String.format(
            Locale.ROOT, "%d x %d, %s", family.size(), family.size(), channels(family.channels())));
    print("widths", list(family.widths()));
    print("latent", "vector of " + family.latent());
    if (family instanceof HvaeConfig hvae) {
      print(
          "latent images",
          String.format(
              Locale.ROOT,
              "%s, of %s",
              list(hvae.latentImages()),
              channels(hvae.latentChannels())));
    }
  }

  void describe(ProcessConfig process) {
    print("schedule", schedule(process.schedule()));
    print("steps", process.schedule().steps());
    print("prediction", Word.of(process.prediction()));
    print("variance", Word.of(process.variance()));
    print("range of x0", Word.of(process.x0Range()));
  }

  private static String images(UNetConfig unet) {
    String size =
        unet.extent().orElse(null) instanceof Extent.Unknown
            ? "of a size that is not said"
            : unet.size() + " x " + unet.imageWidth();
    return size + ", " + channels(unet.channels());
  }

  private static String channels(int count) {
    return count == 1 ? "1 channel" : count + " channels";
  }

  private static String attention(LucidLevelConfig level) {
    return String.format(
        Locale.ROOT,
        "%s with %d heads of %d",
        Word.of(level.attention()),
        level.heads(),
        level.headWidth());
  }

  private static String heads(LayerConfig layers) {
    if (layers.heads().isPresent()) {
      HeadCount heads = layers.heads().get();
      String up =
          heads
              .up()
              .map(count -> String.format(Locale.ROOT, ", %d on the way up", count))
              .orElse("");
      return String.format(Locale.ROOT, "%d heads%s", heads.down(), up);
    }
    return layers
        .headWidth()
        .map(text -> String.format(Locale.ROOT, "heads of %d channels", text))
        .orElse("one head");
  }

  private static String schedule(ScheduleConfig schedule) {
    if (schedule instanceof ScheduleConfig.ZeroTerminalSnr rescaled) {
      return schedule(rescaled.of()) + ", moved to zero terminal SNR";
    }
    if (schedule instanceof ScheduleConfig.LogSigmaTimes times) {
      return schedule(times.of()) + ", its network told ln(sigma) / 4";
    }
    if (schedule instanceof ScheduleConfig.Linear linear) {
      return String.format(
          Locale.ROOT, "linear, beta %s to %s", linear.betaStart(), linear.betaEnd());
    }
    if (schedule instanceof ScheduleConfig.ScaledLinear scaled) {
      return String.format(
          Locale.ROOT, "scaled linear, beta %s to %s", scaled.betaStart(), scaled.betaEnd());
    }
    if (schedule instanceof ScheduleConfig.SigmoidBeta sigmoid) {
      return String.format(
          Locale.ROOT, "sigmoid, beta %s to %s", sigmoid.betaStart(), sigmoid.betaEnd());
    }
    if (schedule instanceof ScheduleConfig.Edm edm) {
      return String.format(
          Locale.ROOT,
          "EDM's, sigma %s to %s, data of deviation %s",
          edm.sigmaMin(),
          edm.sigmaMax(),
          edm.dataDeviation());
    }
    if (schedule instanceof ScheduleConfig.Table table) {
      return String.format(
          Locale.ROOT,
          "a table of betas, %s to %s",
          table.betas().get(0),
          table.betas().get(table.steps() - 1));
    }
    return schedule
        .getClass()
        .getSimpleName()
        .replaceAll("(?<=.)([A-Z])", " $1")
        .toLowerCase(Locale.ROOT);
  }

  private static String list(List<?> items) {
    return items.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  /** Prints one row. */
  void print(String name, Object value) {
    print(name, value instanceof Number ? value : value.toString(), value.toString());
  }

  /** Prints one row whose value is another for programs; rows of one name become a list. */
  void print(String name, Object value, String shown) {
    System.out.printf(Locale.ROOT, "%-17s %s%n", name, printable(shown));
    Object before = tree.get(name);
    if (before == null) {
      tree.put(name, value);
    } else {
      List<Object> all = new ArrayList<>(before instanceof List<?> list ? list : List.of(before));
      all.add(value);
      tree.put(name, all);
    }
  }

  /** Returns all rows so far, by their names. */
  Map<String, Object> tree() {
    return tree;
  }

  /** A file must not move the cursor or color the terminal of the one who looks at it. */
  static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
