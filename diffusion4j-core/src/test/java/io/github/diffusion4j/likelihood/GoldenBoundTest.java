package io.github.diffusion4j.likelihood;

import static io.github.diffusion4j.diffusion.GoldenDiffusion.assertClose;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.diffusion.DiscretizedDecoder;
import io.github.diffusion4j.diffusion.GoldenDiffusion;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.ReverseVariance;
import io.github.diffusion4j.sampling.BoundedDenoiser;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.NetworkDenoiser;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole bound of OpenAI's GaussianDiffusion; see golden/gaussian_diffusion/PROVENANCE.md. */
class GoldenBoundTest {
  @ParameterizedTest
  @CsvSource({
    "linear_50, eps, fixed_small",
    "linear_50, eps, fixed_large",
    "linear_50, eps, learned_range",
    "linear_50, x0, fixed_large",
    "linear_full, eps, fixed_small",
    "linear_full, eps, fixed_large",
    "linear_full, eps, learned_range",
    "linear_full, x0, fixed_large"
  })
  void measure_sameNoise_equalsGolden(String tag, String mean, String variance) throws Exception {
    try (Scope scope = Scope.open()) {
      URL file = getClass().getResource("/golden/gaussian_diffusion/bound.safetensors");
      Map<String, Tensor> golden = Safetensors.read(Path.of(Objects.requireNonNull(file).toURI()));
      String prefix = "%s/bpd/%s/%s/f64/".formatted(tag, mean, variance);
      GoldenDiffusion inputs = new GoldenDiffusion(tag);

      BoundTable table = measure(inputs, mean, GoldenDiffusion.variance(variance));

      int steps = inputs.schedule().steps();
      Tensor prior = Objects.requireNonNull(golden.get(prefix + "prior_bpd"));
      assertClose(Tensor.of(new double[] {table.prior().mean()}, 1), mean(prior), 1e-9, "prior");
      assertClose(
          of(table.totals()),
          Objects.requireNonNull(golden.get(prefix + "total_bpd")),
          1e-9,
          "total");
      assertClose(
          table(table, steps, BoundTable.Entry::bits),
          Objects.requireNonNull(golden.get(prefix + "vb")),
          1e-9,
          "terms");
      assertClose(
          table(table, steps, BoundTable.Entry::x0Error),
          Objects.requireNonNull(golden.get(prefix + "xstart_mse")),
          1e-6,
          "errors of x0");
      assertClose(
          table(table, steps, BoundTable.Entry::epsilonError),
          Objects.requireNonNull(golden.get(prefix + "mse")),
          1e-6,
          "errors of epsilon");
    }
  }

  private static BoundTable measure(GoldenDiffusion golden, String mean, ReverseVariance variance) {
    NoiseSchedule schedule = golden.schedule();
    Tensor bank = golden.in("noise_bank");
    int steps = schedule.steps();
    return new VariationalBound(
            schedule, variance, DiscretizedDecoder.TANH, TimeSelection.all(schedule), 1)
        .measure(
            ImageDenoiser.same(denoiser(golden, golden.prediction(mean), variance)),
            golden.in("x0"),
            Seed.of(0),
            (image, draw, look, shape) -> bank.select(0, (steps - look.t()) % 8).select(0, image),
            done -> {});
  }

  private static Denoiser denoiser(
      GoldenDiffusion golden, Prediction prediction, ReverseVariance variance) {
    NetworkDenoiser.Network network =
        (xt, time) -> {
          double fullTime = golden.tau().t((int) time.toDoubles()[0] + 1);
          Tensor output = GoldenDiffusion.output(xt, fullTime);
          return variance.isLearned()
              ? Tensor.cat(List.of(output, GoldenDiffusion.varianceOutput(xt, fullTime)), 1)
              : output;
        };
    return BoundedDenoiser.clipping(new NetworkDenoiser(network, prediction), 1);
  }

  /** By image and descending t, as in the file. */
  private static Tensor table(
      BoundTable table, int steps, ToDoubleFunction<BoundTable.Entry> number) {
    double[] values = new double[table.images() * steps];
    for (int t = 1; t <= steps; t++) {
      for (BoundTable.Entry entry : table.at(t)) {
        values[entry.image() * steps + steps - t] = number.applyAsDouble(entry);
      }
    }
    return Tensor.of(values, table.images(), steps);
  }

  private static Tensor of(double[][] oneDraw) {
    double[] values = new double[oneDraw.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = oneDraw[i][0];
    }
    return Tensor.of(values, values.length);
  }

  private static Tensor mean(Tensor x) {
    return x.mean().reshape(1);
  }
}
