package io.github.diffusion4j.training;

import static io.github.diffusion4j.diffusion.GoldenDiffusion.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.BoundTerms;
import io.github.diffusion4j.diffusion.DiscretizedDecoder;
import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.GoldenDiffusion;
import io.github.diffusion4j.diffusion.LearnedVariance;
import io.github.diffusion4j.diffusion.NetworkOutput;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.ReverseProcess;
import io.github.diffusion4j.diffusion.ReverseVariance;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Losses against those of OpenAI's GaussianDiffusion, and what their gradients reach. */
@Tag("numerics")
class GaussianDiffusionLossTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @CsvSource({"linear_full, f64, 1e-9", "linear_full, f32, 1e-4", "linear_50, f64, 1e-9"})
  void perSample_allKinds_equalTheirs(String tag, String precision, double tolerance) {
    GoldenDiffusion golden = new GoldenDiffusion(tag);
    NoisyBatch batch = batch(golden, precision.equals("f32") ? DType.F32 : DType.F64);
    int compared = 0;
    for (String mean : new String[] {"eps", "x0", "prev"}) {
      for (String variance : GoldenDiffusion.variances()) {
        for (String kind : new String[] {"mse", "rescaled_mse", "kl", "rescaled_kl"}) {
          String key =
              "training_losses/%s/%s/%s/%s/loss".formatted(mean, variance, kind, precision);
          if (!golden.has(key)) {
            continue;
          }
          Loss loss =
              loss(golden, golden.prediction(mean), GoldenDiffusion.variance(variance), kind);
          Tensor output = golden.output(batch.xt());
          NetworkOutput both =
              new NetworkOutput(
                  output, golden.varianceOutput(batch.xt(), GoldenDiffusion.variance(variance)));
          Tensor losses = loss.perSample(batch, both);
          if (precision.equals("f32")) {
            assertSingleClose(losses, golden, key, tolerance);
          } else {
            assertClose(losses, golden.of(key), tolerance, key);
          }
          compared++;
        }
      }
    }
    assertThat(compared).isEqualTo(tag.equals("linear_full") ? 48 : 16);
  }

  /**
   * The decoder's tails are differences of numbers near 1. In single precision their roundings,
   * which depend on the instruction set, make a hundredth of the loss: 0.31 of 34.7 in the
   * reference. They may make as much here, to either side.
   */
  private static void assertSingleClose(
      Tensor losses, GoldenDiffusion golden, String key, double tolerance) {
    double[] actual = losses.toDoubles();
    double[] single = golden.of(key).toDoubles();
    double[] exact = golden.of(key.replace("f32", "f64")).toDoubles();
    double largest = Arrays.stream(exact).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < exact.length; i++) {
      double roundings = Math.abs(single[i] - exact[i]);
      assertThat(actual[i])
          .as(key)
          .isCloseTo(exact[i], within(tolerance * Math.max(1, largest) + roundings));
    }
  }

  private static NoisyBatch batch(GoldenDiffusion golden, DType type) {
    return NoisyBatch.of(
        new ForwardProcess(golden.schedule()),
        golden.in("x0").to(type),
        golden.t(),
        golden.in("noise").to(type));
  }

  /** Their names for losses, in our terms. */
  private static Loss loss(
      GoldenDiffusion golden, Prediction prediction, ReverseVariance variance, String kind) {
    NoiseSchedule schedule = golden.schedule();
    int steps = schedule.steps();
    SimpleLoss simple = new SimpleLoss(prediction, new LossWeighting.Uniform());
    return switch (kind) {
      case "kl" -> variational(schedule, prediction, variance, 1);
      case "rescaled_kl" -> variational(schedule, prediction, variance, steps);
      case "mse" ->
          variance.isLearned()
              ? new HybridLoss(simple, variational(schedule, prediction, variance, 1))
              : simple;
      case "rescaled_mse" ->
          variance.isLearned()
              ? new HybridLoss(simple, variational(schedule, prediction, variance, 0.001 * steps))
              : simple;
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static VariationalLoss variational(
      NoiseSchedule schedule, Prediction prediction, ReverseVariance variance, double factor) {
    return new VariationalLoss(
        prediction,
        new ReverseProcess(schedule, variance),
        new BoundTerms(schedule, DiscretizedDecoder.TANH),
        factor);
  }

  /** The bound reaches the variance alone: the prediction has the gradient of L_simple exactly. */
  @Test
  void hybrid_gradient_isThatOfSimpleForThePredictionAndOfTheBoundForTheVariance() {
    GoldenDiffusion golden = new GoldenDiffusion("linear_full");
    NoisyBatch batch = batch(golden, DType.F64);
    SimpleLoss simple = new SimpleLoss(Prediction.EPSILON, new LossWeighting.Uniform());
    VariationalLoss bound =
        variational(
            golden.schedule(), Prediction.EPSILON, LearnedVariance.LEARNED_RANGE, 0.001 * 1000);

    Tensor[] hybrid = gradients(golden, batch, new HybridLoss(simple, bound));
    Tensor[] onlySimple = gradients(golden, batch, simple);
    Tensor[] onlyBound = gradients(golden, batch, bound);

    assertThat(hybrid[0].toDoubles()).isEqualTo(onlySimple[0].toDoubles());
    assertThat(hybrid[1].toDoubles()).isEqualTo(onlyBound[1].toDoubles());
    assertThat(onlyBound[0].abs().sum().item()).isPositive();
    assertThat(onlyBound[1].abs().sum().item()).isPositive();
  }

  private static Tensor[] gradients(GoldenDiffusion golden, NoisyBatch batch, Loss loss) {
    Tensor prediction = golden.output(batch.xt()).trainable();
    Tensor variance =
        golden.varianceOutput(batch.xt(), LearnedVariance.LEARNED_RANGE).orElseThrow().trainable();
    loss.perSample(batch, new NetworkOutput(prediction, Optional.of(variance))).sum().backward();
    boolean reached = !(loss instanceof SimpleLoss);
    return new Tensor[] {prediction.gradient(), reached ? variance.gradient() : variance.detach()};
  }
}
