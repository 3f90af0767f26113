package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a sampler has seen so far: the present look at the noisy images, and as many before it as it
 * remembers. Looks are counted back from now, which is 0.
 */
final class Looks {
  private record Look(NoiseLevel level, Tensor xt, Estimate estimate) {}

  private final List<Look> newestFirst;

  private Looks(List<Look> newestFirst) {
    this.newestFirst = List.copyOf(newestFirst);
  }

  static Looks none() {
    return new Looks(List.of());
  }

  /** These looks with one more. */
  Looks plus(NoiseLevel level, Tensor xt, Estimate estimate) {
    List<Look> looks = new ArrayList<>(newestFirst);
    looks.add(0, new Look(level, xt, estimate));
    return new Looks(looks);
  }

  /**
   * The newest {@code memory} looks, of which the newest is copied out of {@code step}, the scope
   * that it was made in; what falls out is freed.
   */
  Looks remember(int memory, Scope step) {
    List<Look> looks = new ArrayList<>(newestFirst);
    if (memory > 0) {
      Look now = looks.get(0);
      looks.set(
          0,
          new Look(
              now.level,
              step.keep(now.xt.copy()),
              new Estimate(
                  step.keep(now.estimate.x0Hat().copy()),
                  step.keep(now.estimate.epsilonHat().copy()))));
    }
    for (int old = looks.size() - 1; old >= Math.max(memory, 1); old--) {
      looks.get(old).xt.close();
      looks.get(old).estimate.x0Hat().close();
      looks.get(old).estimate.epsilonHat().close();
    }
    return new Looks(looks.subList(0, Math.min(memory, looks.size())));
  }

  /** Returns how many looks there are. */
  int count() {
    return newestFirst.size();
  }

  Tensor xt() {
    return xt(0);
  }

  Tensor xt(int ago) {
    return newestFirst.get(ago).xt;
  }

  Tensor x0Hat(int ago) {
    return newestFirst.get(ago).estimate.x0Hat();
  }

  /** What the network says now about the variance of the step. */
  Optional<Tensor> variance() {
    return newestFirst.get(0).estimate.variance();
  }

  Tensor epsilonHat(int ago) {
    return newestFirst.get(ago).estimate.epsilonHat();
  }

  NoiseLevel level(int ago) {
    return newestFirst.get(ago).level;
  }

  /** The estimates of the looks {@code ago}. */
  List<Estimate> estimates(int... ago) {
    return IntStream.of(ago).mapToObj(newestFirst::get).map(Look::estimate).toList();
  }

  /** Where in λ the looks {@code ago} are, counted from the first of them. */
  double[] lambdas(int... ago) {
    double[] lambdas = new double[ago.length];
    for (int i = 1; i < ago.length; i++) {
      lambdas[i] = level(ago[i]).lambda() - level(ago[0]).lambda();
    }
    return lambdas;
  }
}
