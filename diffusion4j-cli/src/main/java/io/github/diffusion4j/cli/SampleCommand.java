package io.github.diffusion4j.cli;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.DrawingOptions;
import io.github.diffusion4j.ImageGenerator;
import io.github.diffusion4j.ImageGenerators;
import io.github.diffusion4j.SampleRequest;
import io.github.diffusion4j.SamplingChoice;
import io.github.diffusion4j.SavedPoints;
import io.github.diffusion4j.SavedSamples;
import io.github.diffusion4j.checkpoint.BaselineFolder;
import io.github.diffusion4j.checkpoint.ModelSource;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.FileEnding;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Draws images or points from a trained model. */
@Command(
    name = "sample",
    description = "Draw images, or points, from a trained model.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./diffusion4j sample --model runs/mnist --n 64 --out digits.png",
      "  ./diffusion4j sample --model runs/mnist --sampler unipc --steps 20 --out a.png",
      "  ./diffusion4j sample --model runs/mnist --seed 7 --out pictures --overwrite"
    })
final class SampleCommand implements Callable<Integer> {
  private static final int IMAGES_AT_ONCE = 64;
  private static final int POINTS_AT_ONCE = 10_000;

  @Mixin private final ModelOption source = new ModelOption();

  @Mixin private final SamplingOptions sampling = new SamplingOptions();

  @Option(names = "--n", paramLabel = "COUNT", description = "How many; default: ${DEFAULT-VALUE}.")
  private int count = 64;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE|DIR",
      description = {
        "Images: a .png gets a grid, a .npy all pixels, a directory one .png each.",
        "Points: a .csv or .npy gets all numbers, a .png a scatter plot."
      })
  private Path out = Path.of(".");

  @Option(
      names = "--overwrite",
      description = "Replace the pictures of an earlier sample in a directory.")
  private boolean overwrite;

  @Mixin private final JsonOutput json = new JsonOutput();

  @Override
  public Integer call() throws IOException {
    Arguments.atLeast("--n", count, 1);
    sampling.check();
    requireRoom();
    json.check();
    long start = System.nanoTime();
    Path folder = ModelSource.resolve(source.path());
    Optional<String> family = BaselineFolder.family(folder);
    if (family.isPresent()) {
      drawInOnePass(family.get());
      return 0;
    }
    try (Progress progress = Progress.of("sample");
        DiffusionModel model = open(folder, progress);
        Scope scope = Scope.open()) {
      SampleRoom.ofThisProcess().require(count, model.network().config().sampleShape());
      SamplingChoice.Way way = sampling.choice().in(model);
      SamplingOptions.note(way).ifPresent(progress::say);
      Kind kind = Kind.of(model, out);
      kind.target().write(draw(way, kind, progress), notes(way, model));
      double seconds = (System.nanoTime() - start) * 1e-9;
      progress.say(
          String.format(
              Locale.ROOT,
              "%d %s by %s with %d steps in %.1f s: %s",
              count,
              kind.noun(),
              way.name(),
              way.steps(),
              seconds,
              out));
      json.write(
          new Drawn(out.toString(), count, sampling.seed(), way.name(), way.steps(), seconds));
    }
    return 0;
  }

  private DiffusionModel open(Path folder, Progress progress) throws IOException {
    DiffusionModel model = DiffusionModel.open(folder);
    try {
      return sampling.engine(progress::say).select(model, folder);
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private Tensor draw(SamplingChoice.Way way, Kind kind, Progress progress) {
    int atOnce = sampling.batch(kind.atOnce());
    Trace trace = new Trace();
    List<Tensor> parts = new ArrayList<>();
    for (int first = 0; first < count; first += atOnce) {
      int begun = first;
      int size = Math.min(atOnce, count - first);
      SampleRequest request = new SampleRequest(sampling.seed(), first, size, sampling.label());
      parts.add(
          way.draw(
              request,
              step -> {
                trace.stepDone();
                double part = (double) (step.number() - 1) / step.of();
                progress.show(
                    (begun + size * part) / count,
                    String.format(Locale.ROOT, "t = %.0f", step.level().t()),
                    String.format(Locale.ROOT, "%,d of %,d %s", begun, count, kind.noun()));
              }));
    }
    return Tensor.cat(parts, 0);
  }

  /** What a picture says of itself: enough to draw it again. */
  private Map<String, String> notes(SamplingChoice.Way way, DiffusionModel model) {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("Software", "diffusion4j " + Version.own());
    notes.put("model", source.path().toString());
    notes.put("sampling", way.manner());
    notes.put("seed", Long.toString(sampling.seed()));
    notes.put("batch", Integer.toString(sampling.batch(IMAGES_AT_ONCE)));
    sampling.label().ifPresent(label -> notes.put("label", Integer.toString(label)));
    notes.put("engine", model.engineName());
    return notes;
  }

  /** Refuses a place that cannot take samples before a model is opened for it. */
  private void requireRoom() throws IOException {
    if (FileEnding.is(out, ".csv")) {
      OutputFile.require("--out", out);
      return;
    }
    SavedSamples target = SavedSamples.to(out);
    if (target.isFolder()) {
      OutputFile.requireFolder("--out", out);
    } else {
      OutputFile.require("--out", out);
    }
    int earlier = target.earlier().size();
    if (earlier > 0 && !overwrite) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--out is %s, which holds %,d pictures of an earlier sample; allowed: another directory, or --overwrite to replace them",
              out,
              earlier));
    }
  }

  /** What was drawn, for programs. */
  private record Drawn(
      String out, int samples, long seed, String sampler, int steps, double seconds) {}

  private void drawInOnePass(String family) throws IOException {
    sampling.requireOnePass(source.path(), family);
    DrawingOptions none = DrawingOptions.of(sampling.choice());
    try (ImageGenerator model = ImageGenerators.open(source.path(), none)) {
      double seconds =
          new OnePassSampling(family, count, sampling.seed(), sampling.batch(IMAGES_AT_ONCE))
              .write(model, SavedSamples.to(out));
      json.write(new Drawn(out.toString(), count, sampling.seed(), family, 1, seconds));
    }
  }

  /** What differs between images and points. */
  private record Kind(String noun, int atOnce, Target target) {
    private interface Target {
      void write(Tensor samples, Map<String, String> notes) throws IOException;
    }

    static Kind of(DiffusionModel model, Path out) {
      if (model.isOfImages()) {
        return new Kind("images", IMAGES_AT_ONCE, SavedSamples.to(out)::write);
      }
      SavedPoints points = SavedPoints.to(out);
      return new Kind("points", POINTS_AT_ONCE, (samples, notes) -> points.write(samples));
    }
  }
}
