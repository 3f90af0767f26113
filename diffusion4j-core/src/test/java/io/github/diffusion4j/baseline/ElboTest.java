package io.github.diffusion4j.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.DiagonalGaussian;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The linear autoencoder of which everything is known: z ~ N(0, I₂), x = W z + s ε with orthogonal
 * columns of W. Then x ~ N(0, W Wᵀ + s² I), and z given x is Gaussian with independent parts.
 */
class ElboTest {
  private static final double NOISE = 0.5;
  private static final double[][] W = {{1, 2}, {2, -1}, {0, 0}};
  private static final double[] X = {0.7, -1.1, 0.4};
  private static final int DRAWS = 20_000;

  /** |w|² of either column. */
  private static final double LENGTH = 5;

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Along the columns the variance is |w|² + s², across them s². */
  private static double logLikelihood() {
    double square = Arrays.stream(X).map(x -> x * x).sum();
    double along = 0;
    for (int column = 0; column < 2; column++) {
      along += Math.pow(onto(column), 2) / LENGTH;
    }
    double variance = LENGTH + NOISE * NOISE;
    return -0.5
        * (3 * Math.log(2 * Math.PI)
            + 2 * Math.log(variance)
            + Math.log(NOISE * NOISE)
            + along / variance
            + (square - along) / (NOISE * NOISE));
  }

  private static double onto(int column) {
    double sum = 0;
    for (int row = 0; row < 3; row++) {
      sum += W[row][column] * X[row];
    }
    return sum;
  }

  private static DiagonalGaussian posterior(double shift, double stretch) {
    double precision = 1 + LENGTH / (NOISE * NOISE);
    double[] mean = new double[2 * DRAWS];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = onto(i % 2) / (NOISE * NOISE) / precision + shift;
    }
    double logVariance = -Math.log(precision) + 2 * Math.log(stretch);
    return new DiagonalGaussian(
        Tensor.of(mean, DRAWS, 2), Tensor.of(new double[] {logVariance}, 1, 1).expand(DRAWS, 2));
  }

  /** The bound of the same x, with another draw of z in each row. */
  private static double[] bounds(DiagonalGaussian q) {
    Tensor w = Tensor.of(new double[] {1, 2, 2, -1, 0, 0}, 3, 2);
    double constant = -0.5 * Math.log(2 * Math.PI * NOISE * NOISE);
    Tensor rows = Tensor.of(X, 1, 3).expand(DRAWS, 3);
    return Elbo.of(
            rows,
            q,
            z ->
                x ->
                    x.minus(z.matmul(w.permute(1, 0)))
                        .square()
                        .times(-0.5 / (NOISE * NOISE))
                        .plus(constant),
            (level, shape) -> Seed.of(1).normal(shape).to(io.github.diffusion4j.torch.DType.F64))
        .nats()
        .toDoubles();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double standardError(double[] values) {
    double mean = mean(values);
    double square = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(square / values.length / (values.length - 1.0));
  }

  @Test
  void nats_exactPosterior_areTheLikelihoodOnAverage() {
    double[] bounds = bounds(posterior(0, 1));

    assertThat(mean(bounds)).isCloseTo(logLikelihood(), within(5 * standardError(bounds)));
    assertThat(standardError(bounds)).isLessThan(0.02);
  }

  /** ELBO = ln p(x) − KL(q ‖ p(z | x)), so the gap is the divergence of two Gaussians. */
  @Test
  void nats_otherPosterior_areLessByItsDivergenceFromTheExactOne() {
    for (double[] wrong : new double[][] {{0.3, 1}, {0, 2}, {-0.2, 0.5}}) {
      DiagonalGaussian q = posterior(wrong[0], wrong[1]);
      double gap = q.kl(posterior(0, 1)).narrow(0, 0, 1).sum().item();
      double[] bounds = bounds(q);

      assertThat(gap).isGreaterThan(0.1);
      assertThat(mean(bounds))
          .isLessThan(logLikelihood())
          .isCloseTo(logLikelihood() - gap, within(5 * standardError(bounds)));
    }
  }

  @Test
  void toStandard_isTheClosedFormAndTheMeanOfManyDraws() {
    double mean = 0.8;
    double deviation = 0.6;
    DiagonalGaussian q =
        new DiagonalGaussian(
            Tensor.full(mean, DRAWS, 1), Tensor.full(2 * Math.log(deviation), DRAWS, 1));
    double closed = 0.5 * (mean * mean + deviation * deviation - 1) - Math.log(deviation);
    Tensor epsilon = Seed.of(4).normal(DRAWS, 1);
    Tensor z = q.draw(epsilon);
    Tensor logRatio = z.square().minus(epsilon.square()).times(0.5).minus(Math.log(deviation));

    assertThat(Elbo.toStandard(q).mean().item()).isCloseTo(closed, within(1e-6));
    assertThat(logRatio.mean().item())
        .isCloseTo(closed, within(5 * standardError(logRatio.toDoubles())));
  }

  @Test
  void nats_ofKnownParts_isTheirDifference() {
    Tensor logLikelihood = Tensor.of(new double[] {-10}, 1);
    Tensor divergence = Tensor.of(new double[] {6}, 1);

    assertThat(new Elbo(logLikelihood, List.of(divergence)).nats().item())
        .isCloseTo(-16, within(1e-12));
  }
}
