package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** Trajectories of diffusers, and ours to compare with them; see golden/samplers/PROVENANCE.md. */
final class GoldenRuns {
  private GoldenRuns() {}

  /** Reads a file of tensors into the scope that is open. */
  static Map<String, Tensor> read(String file) {
    try {
      return Safetensors.read(
          Path.of(
              Objects.requireNonNull(GoldenRuns.class.getResource("/golden/samplers/" + file))
                  .toURI()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What our sampler shows to the denoiser after the start, and its result, each in some units. */
  static List<Tensor> trajectory(
      Sampler sampler,
      Denoiser denoiser,
      NoiseSource noise,
      ToDoubleFunction<NoiseLevel> unit,
      NoiseLevel end,
      long... shape) {
    List<Tensor> seen = new ArrayList<>();
    SamplingListener listener =
        step ->
            seen.add(
                step.xt().dividedBy(unit.applyAsDouble(step.level())).copy().outlivingScopes());
    Tensor x0 = sampler.sample(denoiser, noise, listener, shape);
    seen.remove(0).close();
    seen.add(x0.dividedBy(unit.applyAsDouble(end)));
    return seen;
  }

  /** max |a − b| ≤ 1e-4 · max(1, max |golden|) at every step. */
  static void assertSame(List<Tensor> actual, Tensor golden, String name) {
    assertThat(actual).as(name).hasSize((int) golden.size(0));
    for (int i = 0; i < actual.size(); i++) {
      assertSame(actual.get(i), golden.select(0, i), name + ", step " + i);
    }
  }

  static void assertSame(Tensor actual, Tensor golden, String name) {
    double difference = largest(actual.minus(golden));
    assertThat(difference).as(name).isLessThanOrEqualTo(1e-4 * Math.max(1, largest(golden)));
  }

  private static double largest(Tensor x) {
    double largest = 0;
    for (double value : x.toDoubles()) {
      largest = Math.max(largest, Math.abs(value));
      assertThat(value).isFinite();
    }
    return largest;
  }
}
