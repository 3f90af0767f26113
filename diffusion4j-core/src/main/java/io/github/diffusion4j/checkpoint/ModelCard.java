package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.BaselineConfig;
import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.config.ImageModelConfig;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.RunConfig;
import io.github.diffusion4j.config.UNetConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The page {@code README.md} beside a model: what it draws, how it was trained, how good it was
 * found to be, and how to use it from Java and Python. The hub of Hugging Face shows it.
 *
 * @param config the experiment
 * @param progress how far training has come
 * @param parameters numbers that the network has learned
 * @param dataFingerprint names the training data
 * @param measurements what was measured of the model; empty while nothing was
 */
public record ModelCard(
    RunConfig config,
    TrainingState.Progress progress,
    long parameters,
    String dataFingerprint,
    List<Measurement> measurements) {
  /** The name of the page. */
  public static final String FILE = "README.md";

  /**
   * The hub wants a license, and only who publishes a model can choose one; this value says that
   * nobody has yet.
   */
  static final String LICENSE = "license: unknown\n";

  private static final String JAVA =
      "    ./diffusion4j sample --model FOLDER --n 16 --out samples.png\n";

  private static final Map<String, String> PUBLISHED_DATA =
      Map.of(
          "digits", "ylecun/mnist",
          "mnist", "ylecun/mnist",
          "fashion-mnist", "zalando-datasets/fashion_mnist",
          "cifar10", "uoft-cs/cifar10");

  private static final List<String> SHOWN_OPTIONS =
      List.of(
          "process.schedule.kind",
          "process.schedule.steps",
          "process.prediction",
          "process.variance",
          "training.loss.kind");

  private static final List<String> SHOWN_OPTIONS_OF_ALL =
      List.of(
          "training.optimizer.kind",
          "training.learningRate.peak",
          "training.batch",
          "training.ema.decay");

  /**
   * One result.
   *
   * @param what was measured, and on how many samples
   * @param value the number with its unit, and what to compare it with
   */
  public record Measurement(String what, String value) {}

  /** Copies the measurements. */
  public ModelCard {
    measurements = List.copyOf(measurements);
  }

  /** The page of a run, whose network has learned {@code parameters} numbers. */
  public static ModelCard of(TrainingState state, long parameters, List<Measurement> measurements) {
    return new ModelCard(
        state.config(), state.progress(), parameters, state.dataFingerprint(), measurements);
  }

  /** Writes the page into the folder of a model, in place of one that is there. */
  public void write(Path folder) throws IOException {
    AtomicFolder.writeFile(folder.resolve(FILE), text());
  }

  /** Returns the page in Markdown; the same model gives the same text. */
  public String text() {
    return String.join(
        "\n",
        header(),
        "# " + config.name(),
        "",
        String.format(Locale.ROOT, "A %s of %s; trained with diffusion4j.", title(), subject()),
        "",
        "## Use",
        "",
        use(),
        "## Measured",
        "",
        measured(),
        "## Training",
        "",
        table("", "", facts()),
        "The whole recipe, which `diffusion4j train --config FILE` repeats:",
        "",
        "```json",
        ConfigFiles.toJson(config).strip(),
        "```",
        "");
  }

  /** What the hub reads. */
  private String header() {
    StringBuilder header = new StringBuilder("---\n").append(LICENSE);
    header.append(isKnownToPython() ? "library_name: diffusers\n" : "library_name: diffusion4j\n");
    if (isOfImages()) {
      header.append("pipeline_tag: unconditional-image-generation\n");
    }
    header.append(
        String.format(
            Locale.ROOT,
            "tags:\n- diffusion4j\n- %s\n",
            family().map(FamilyConfig::word).orElse("ddpm")));
    if (PUBLISHED_DATA.containsKey(config.data().source())) {
      header.append("datasets:\n- ").append(PUBLISHED_DATA.get(config.data().source()));
      header.append('\n');
    }
    return header.append("---\n").toString();
  }

  /** Returns the networks of a model that is no diffusion model. */
  private Optional<FamilyConfig> family() {
    return config instanceof BaselineConfig other ? Optional.of(other.family()) : Optional.empty();
  }

  /** Returns the network of a diffusion model. */
  private Optional<ModelConfig> network() {
    return config instanceof ExperimentConfig own ? Optional.of(own.model()) : Optional.empty();
  }

  private boolean isKnownToPython() {
    return network().filter(DiffusersPipeline::knows).isPresent();
  }

  private boolean isOfImages() {
    return network().map(model -> model instanceof ImageModelConfig).orElse(true);
  }

  private String title() {
    return family().map(FamilyConfig::title).orElse("denoising diffusion model");
  }

  private String subject() {
    String data = inline(config.data().source());
    if (family().isPresent()) {
      FamilyConfig images = family().get();
      return images(data, images.size(), images.size(), images.channels());
    }
    return network().orElseThrow() instanceof ImageModelConfig images
        ? images(data, images.size(), images.imageWidth(), images.channels())
        : String.format(Locale.ROOT, "points in the plane (%s)", data);
  }

  private static String images(String data, int height, int width, int channels) {
    return String.format(
        Locale.ROOT,
        "images (%s) of %d x %d pixels with %d channel%s",
        data,
        height,
        width,
        channels,
        channels == 1 ? "" : "s");
  }

  private String use() {
    return config instanceof ExperimentConfig own
        ? use(own.model(), own.process(), PublishedScheduler.usual(own.process()))
        : JAVA;
  }

  /** Returns how a model is used from Java and, where diffusers knows its network, from Python. */
  static String use(ModelConfig network, ProcessConfig process, PublishedScheduler scheduler) {
    if (!(network instanceof UNetConfig unet) || !DiffusersPipeline.knows(network)) {
      return JAVA;
    }
    PythonExample example = new PythonExample(unet, scheduler, process.schedule().steps());
    return JAVA
        + "\nIn Python, with Hugging Face diffusers:\n\n```python\n"
        + example.of("FOLDER")
        + "```\n";
  }

  private String measured() {
    if (measurements.isEmpty()) {
      return "How good it is has not been measured.\n";
    }
    Map<String, String> rows = new LinkedHashMap<>();
    measurements.forEach(measurement -> rows.put(measurement.what(), measurement.value()));
    return table("what", "value", rows);
  }

  private Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("parameters", String.format(Locale.ROOT, "%,d", parameters));
    facts.put("fingerprint of the data", inline(dataFingerprint));
    facts.put(
        "trained for",
        String.format(
            Locale.ROOT, "%,d steps, %,d samples seen", progress.step(), progress.imagesSeen()));
    if (config.training().budget().maxMinutes().isPresent()) {
      facts.put("time", String.format(Locale.ROOT, "%.1f minutes", progress.elapsedSeconds() / 60));
    }
    Map<String, String> options = ConfigFiles.options(config);
    if (family().isPresent()) {
      options.keySet().stream()
          .filter(path -> path.startsWith("family."))
          .forEach(path -> facts.put(inline(path), options.getOrDefault(path, "")));
    } else {
      SHOWN_OPTIONS.forEach(path -> facts.put(inline(path), options.getOrDefault(path, "")));
    }
    SHOWN_OPTIONS_OF_ALL.forEach(path -> facts.put(inline(path), options.getOrDefault(path, "")));
    return facts;
  }

  private static String table(String left, String right, Map<String, String> rows) {
    StringBuilder table =
        new StringBuilder(String.format(Locale.ROOT, "| %s | %s |\n| --- | --- |\n", left, right));
    rows.forEach(
        (what, value) ->
            table.append(
                String.format(
                    Locale.ROOT,
                    "| %s | %s |\n",
                    what.replace("|", "\\|"),
                    value.replace("|", "\\|"))));
    return table.toString();
  }

  /** Markdown of a text that is to appear as it is. */
  private static String inline(String text) {
    return "`" + text.replace('`', '\'') + "`";
  }
}
