package io.github.diffusion4j.benchmarks;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.SampleRequest;
import io.github.diffusion4j.SamplingChoice;
import io.github.diffusion4j.config.SamplingConfig.Sampler;
import io.github.diffusion4j.config.SamplingConfig.Spacing;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.evaluation.DigitJudge;
import io.github.diffusion4j.evaluation.DigitScore;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How good every sampler's digits are after 10 and 20 steps of a trained model, at its default
 * spacing: prints a Markdown table, and ends with exit code 1 if a sampler misses a bound.
 *
 * <p>The bounds: real digits leave a frame of two pixels black, so the mean brightness there must
 * be below 0.03; and the share of digits that the judge reads with confidence must be at least 0.8
 * of DDIM's with as many evaluations of the network. Fresh noise needs more steps: samplers that
 * add it are named where they miss a bound, and do not fail.
 */
public final class SamplerQuality {
  private static final int FRAME = 2;
  private static final double BRIGHTEST_FRAME = 0.03;
  private static final double LEAST_SHARE = 0.8;
  private static final int[] STEPS = {10, 20};
  private static final int AT_ONCE = 64;
  private static final List<Sampler> STOCHASTIC =
      List.of(
          Sampler.DDPM,
          Sampler.EULER_ANCESTRAL,
          Sampler.DPM_PLUS_PLUS_SDE,
          Sampler.REVERSE_SDE,
          Sampler.PREDICTOR_CORRECTOR);

  private final DiffusionModel model;
  private final DigitJudge judge;
  private final int images;
  private final Map<Integer, Row> ddim = new HashMap<>();
  private boolean missed;

  /** What one sampler made. */
  private record Row(int evaluations, double frame, DigitScore score) {}

  private SamplerQuality(DiffusionModel model, DigitJudge judge, int images) {
    this.model = model;
    this.judge = judge;
    this.images = images;
  }

  /**
   * Prints the table.
   *
   * @param arguments the model of digits and the number of images; then, for others than all
   *     samplers at their default spacing, the name of a spacing, and names of samplers
   */
  public static void main(String[] arguments) throws IOException {
    int images = Integer.parseInt(arguments[1]);
    Optional<Spacing> spacing =
        Arrays.stream(arguments)
            .skip(2)
            .limit(1)
            .map(word -> Word.parse(Spacing.class, "spacing", word))
            .findFirst();
    try (DiffusionModel model = DiffusionModel.open(Path.of(arguments[0]));
        DigitJudge judge = DigitJudge.embedded()) {
      SamplerQuality quality = new SamplerQuality(model, judge, images);
      System.out.println(
          "| sampler | spacing | steps | evaluations | frame | read | of ddim's | FD |");
      System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
      measured(List.of(arguments).subList(Math.min(3, arguments.length), arguments.length))
          .forEach(sampler -> quality.print(sampler, spacing));
      System.exit(quality.missed ? 1 : 0);
    }
  }

  /** Langevin dynamics takes a hundred evaluations at each level and RK45 its own steps. */
  private static Stream<Sampler> measured(List<String> names) {
    return Arrays.stream(Sampler.values())
        .filter(sampler -> names.isEmpty() || names.contains(Word.of(sampler)))
        .filter(sampler -> sampler != Sampler.LANGEVIN && sampler != Sampler.RK45);
  }

  private void print(Sampler sampler, Optional<Spacing> spacing) {
    Spacing chosen =
        spacing
            .filter(other -> sampler != Sampler.DDPM || other.isOfTimes())
            .orElse(Spacing.suiting(sampler));
    for (int steps : STEPS) {
      Row row = row(sampler, steps, Optional.of(chosen));
      Row equal =
          ddim.computeIfAbsent(row.evaluations, n -> row(Sampler.DDIM, n, Optional.empty()));
      double share = row.score.confidentShare() / equal.score.confidentShare();
      boolean misses = row.frame >= BRIGHTEST_FRAME || share < LEAST_SHARE;
      missed |= misses && !STOCHASTIC.contains(sampler);
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %d | %d | %.4f | %.0f %% | %.2f | %.1f |%s%n",
          Word.of(sampler),
          Word.of(chosen),
          steps,
          row.evaluations,
          row.frame,
          100 * row.score.confidentShare(),
          share,
          row.score.frechetDistance(),
          misses ? " misses a bound" : "");
    }
  }

  private Row row(Sampler sampler, int steps, Optional<Spacing> spacing) {
    SamplingChoice.Way way =
        new SamplingChoice(Optional.of(sampler), Optional.of(steps), 0, spacing).in(model);
    int[] evaluations = {0};
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      Tensor[] parts = new Tensor[(images + AT_ONCE - 1) / AT_ONCE];
      for (int i = 0; i < parts.length; i++) {
        int size = Math.min(AT_ONCE, images - i * AT_ONCE);
        SampleRequest request = new SampleRequest(0, (long) i * AT_ONCE, size, Optional.empty());
        parts[i] = way.draw(request, step -> evaluations[0] = step.of());
      }
      Tensor all = Tensor.cat(List.of(parts), 0);
      return new Row(evaluations[0], frame(all), judge.score(all));
    }
  }

  /** Returns the mean brightness, in [0, 1], of the pixels at most {@link #FRAME} from the edge. */
  private static double frame(Tensor images) {
    long side = images.size(3);
    Tensor inner = images.narrow(2, FRAME, side - 2 * FRAME).narrow(3, FRAME, side - 2 * FRAME);
    double pixels = images.numel() - inner.numel();
    double sum = images.sum().item() - inner.sum().item();
    return (sum / pixels + 1) / 2;
  }
}
