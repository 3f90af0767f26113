package io.github.diffusion4j.cli;

import io.github.diffusion4j.data.GaussianPoints;
import io.github.diffusion4j.data.KnownPoints;
import io.github.diffusion4j.diffusion.GaussianMixture;
import io.github.diffusion4j.diffusion.GaussianMixture.Component;
import io.github.diffusion4j.torch.Seed;
import java.util.Arrays;
import java.util.List;

/** The laws of points that can be named, as mixtures: their densities and scores are known. */
final class PointLaw {
  private PointLaw() {}

  /**
   * Returns the points called {@code name}.
   *
   * @param dimensions how many numbers the points may have
   */
  static KnownPoints named(String option, String name, int... dimensions) {
    return KnownPoints.named(name)
        .filter(known -> Arrays.stream(dimensions).anyMatch(d -> d == known.dimensions()))
        .orElseThrow(
            () -> {
              List<String> names =
                  Arrays.stream(dimensions)
                      .boxed()
                      .flatMap(d -> KnownPoints.names(d).stream())
                      .toList();
              return Arguments.wrong(option, name, String.join(", ", names));
            });
  }

  /** Returns whether {@link #of} gives the very law, not one made from draws. */
  static boolean isExact(KnownPoints data) {
    return data.density().filter(GaussianPoints.class::isInstance).isPresent();
  }

  /**
   * Returns the law as a mixture: the very one if it is one, otherwise the law of {@code count}
   * draws, each blurred to a Gaussian.
   *
   * @param blur the standard deviation of those Gaussians
   */
  static GaussianMixture of(KnownPoints data, int count, double blur, Seed seed) {
    return data.density()
        .filter(GaussianPoints.class::isInstance)
        .map(known -> exact((GaussianPoints) known))
        .orElseGet(() -> around(data, count, blur, seed));
  }

  private static GaussianMixture exact(GaussianPoints points) {
    return GaussianMixture.of(
        points.clusters().stream()
            .map(c -> new Component(c.weight(), c.mean(), c.deviation() * c.deviation()))
            .toArray(Component[]::new));
  }

  private static GaussianMixture around(KnownPoints data, int count, double blur, Seed seed) {
    var random = seed.random();
    Component[] components = new Component[count];
    Arrays.setAll(components, i -> Component.of(1, blur * blur, data.point(random)));
    return GaussianMixture.of(components);
  }
}
