package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.ImageModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
    ExperimentConfig config,
    TrainingState.Progress progress,
    long parameters,
    String dataFingerprint,
    List<Measurement> measurements) {
  /** The name of the page. */
  public static final String FILE = "README.md";

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
          "training.loss.kind",
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
        "A denoising diffusion model of %s; trained with diffusion4j.".formatted(subject()),
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
    StringBuilder header = new StringBuilder("---\n");
    boolean known = DiffusersPipeline.knows(config.model());
    header.append(known ? "library_name: diffusers\n" : "library_name: diffusion4j\n");
    if (isOfImages()) {
      header.append("pipeline_tag: unconditional-image-generation\n");
    }
    header.append("tags:\n- diffusion4j\n- ddpm\n");
    if (PUBLISHED_DATA.containsKey(config.data().source())) {
      header.append("datasets:\n- ").append(PUBLISHED_DATA.get(config.data().source()));
      header.append('\n');
    }
    return header.append("---\n").toString();
  }

  private boolean isOfImages() {
    return config.model() instanceof ImageModelConfig;
  }

  private String subject() {
    String data = inline(config.data().source());
    return config.model() instanceof ImageModelConfig images
        ? "images (%s) of %d x %d pixels with %d channel%s"
            .formatted(
                data,
                images.size(),
                images.imageWidth(),
                images.channels(),
                images.channels() == 1 ? "" : "s")
        : "points in the plane (%s)".formatted(data);
  }

  private String use() {
    String java = "    ./diffusion4j sample --model FOLDER --n 16 --out samples.png\n";
    if (!DiffusersPipeline.knows(config.model())) {
      return java;
    }
    return config.model().classes().isPresent() ? java + CONDITIONAL : java + UNCONDITIONAL;
  }

  private static final String UNCONDITIONAL =
      """

      In Python, with Hugging Face diffusers:

      ```python
      from diffusers import DDPMPipeline

      DDPMPipeline.from_pretrained("FOLDER")(batch_size=1).images[0].save("sample.png")
      ```
      """;

  /** diffusers' pipeline has no argument for the class, so the loop is written out. */
  private static final String CONDITIONAL =
      """

      In Python, with Hugging Face diffusers:

      ```python
      import torch
      from diffusers import DDPMScheduler, UNet2DModel

      unet = UNet2DModel.from_pretrained("FOLDER", subfolder="unet")
      scheduler = DDPMScheduler.from_pretrained("FOLDER", subfolder="scheduler")
      x = torch.randn(1, unet.config.in_channels, unet.config.sample_size, unet.config.sample_size)
      with torch.no_grad():
          for t in scheduler.timesteps:
              x = scheduler.step(unet(x, t, class_labels=torch.tensor([0])).sample, t, x).prev_sample
      ```
      """;

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
    facts.put("parameters", "%,d".formatted(parameters));
    facts.put("fingerprint of the data", inline(dataFingerprint));
    facts.put(
        "trained for",
        "%,d steps, %,d samples seen".formatted(progress.step(), progress.imagesSeen()));
    if (config.training().budget().maxMinutes().isPresent()) {
      facts.put("time", String.format(Locale.ROOT, "%.1f minutes", progress.elapsedSeconds() / 60));
    }
    Map<String, String> options = ConfigFiles.options(config);
    for (String path : SHOWN_OPTIONS) {
      facts.put(inline(path), options.getOrDefault(path, ""));
    }
    return facts;
  }

  private static String table(String left, String right, Map<String, String> rows) {
    StringBuilder table = new StringBuilder("| %s | %s |\n| --- | --- |\n".formatted(left, right));
    rows.forEach(
        (what, value) ->
            table.append(
                "| %s | %s |\n".formatted(what.replace("|", "\\|"), value.replace("|", "\\|"))));
    return table.toString();
  }

  /** Markdown of a text that is to appear as it is. */
  private static String inline(String text) {
    return "`" + text.replace('`', '\'') + "`";
  }
}
