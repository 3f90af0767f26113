package io.github.diffusion4j.diffusion;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * A mixture of round Gaussians in d dimensions: data for which everything that a diffusion model
 * has to learn is known in closed form.
 *
 * <p>Points are tensors [N, …] with d numbers for each of the N; results have the shape and the
 * type of the argument and belong to the caller's scope.
 */
public final class GaussianMixture {
  private final List<Component> components;

  private GaussianMixture(List<Component> components) {
    this.components = components;
  }

  /**
   * One Gaussian of the mixture.
   *
   * @param weight its share, above 0; shares need not add up to 1
   * @param mean its center, d numbers
   * @param variance the variance in every direction, above 0
   */
  public record Component(double weight, List<Double> mean, double variance) {
    /** Refuses weights and variances not above 0. */
    public Component {
      mean = List.copyOf(mean);
      if (!(weight > 0 && variance > 0) || mean.isEmpty()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "weight is %s, variance %s, mean %s; allowed: above 0, and at least one dimension",
                weight,
                variance,
                mean));
      }
    }

    /** Returns a Gaussian with the given center. */
    public static Component of(double weight, double variance, double... mean) {
      return new Component(weight, Arrays.stream(mean).boxed().toList(), variance);
    }

    private Component at(NoiseLevel level) {
      return new Component(
          weight,
          mean.stream().map(m -> level.signal() * m).toList(),
          square(level.signal()) * variance + square(level.noise()));
    }
  }

  /** Returns the mixture of the given Gaussians, which must have one number of dimensions. */
  public static GaussianMixture of(Component... components) {
    return of(List.of(components));
  }

  private static GaussianMixture of(List<Component> components) {
    if (components.stream().mapToInt(c -> c.mean.size()).distinct().count() != 1) {
      throw new IllegalArgumentException(
          "a mixture has at least one component, all of one dimension; got " + components);
    }
    double sum = components.stream().mapToDouble(Component::weight).sum();
    return new GaussianMixture(
        components.stream().map(c -> new Component(c.weight / sum, c.mean, c.variance)).toList());
  }

  /** Returns the Gaussians; their weights add up to 1. */
  public List<Component> components() {
    return components;
  }

  /** Returns d. */
  public int dimensions() {
    return components.get(0).mean.size();
  }

  /** Returns the law of xₜ if x₀ has this one: q(xₜ), a mixture again. */
  public GaussianMixture at(NoiseLevel level) {
    return of(components.stream().map(component -> component.at(level)).toList());
  }

  /**
   * Returns the law of x₍t−1₎ given xₜ without knowing x₀, q(x₍t−1₎ | xₜ).
   *
   * <p>For images it is out of reach, as it needs the law of all images; for a mixture it is one
   * again, and not a Gaussian, unless the step is small.
   *
   * @param xt one point, d numbers
   */
  public GaussianMixture reverse(NoiseSchedule schedule, int t, double... xt) {
    GaussianMixture before = at(schedule.level(t - 1));
    double[] share;
    try (Scope scope = Scope.open()) {
      share = at(schedule.level(t)).shares(Tensor.of(xt, 1, xt.length)).toDoubles();
    }
    double root = Math.sqrt(schedule.alpha(t));
    Component[] reversed = new Component[share.length];
    for (int k = 0; k < share.length; k++) {
      Component c = before.components.get(k);
      double precision = 1 / c.variance + schedule.alpha(t) / schedule.beta(t);
      double[] mean = new double[xt.length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (c.mean.get(i) / c.variance + root / schedule.beta(t) * xt[i]) / precision;
      }
      reversed[k] = Component.of(Math.max(share[k], Double.MIN_NORMAL), 1 / precision, mean);
    }
    return of(reversed);
  }

  /** Draws {@code count} points, F64 [count, d]. */
  public Tensor sample(int count, Seed seed) {
    SplittableRandom random = seed.derive("component").random();
    double[] mean = new double[count * dimensions()];
    double[] deviation = new double[count];
    for (int n = 0; n < count; n++) {
      Component chosen = choose(random.nextDouble());
      deviation[n] = Math.sqrt(chosen.variance);
      for (int i = 0; i < dimensions(); i++) {
        mean[n * dimensions() + i] = chosen.mean.get(i);
      }
    }
    Tensor noise = seed.derive("noise").normal(count, dimensions()).to(DType.F64);
    return Tensor.of(mean, count, dimensions()).plus(noise.times(Tensor.of(deviation, count, 1)));
  }

  private Component choose(double u) {
    double sum = 0;
    for (Component component : components) {
      sum += component.weight;
      if (u < sum) {
        return component;
      }
    }
    return components.get(components.size() - 1);
  }

  /** Returns ln q(x) of each point, [N]. */
  public Tensor logDensity(Tensor x) {
    return Functions.logSumExp(logJoint(flat(x)), 1);
  }

  /**
   * Returns the score of each point.
   *
   * <pre>  ∇ ln q(x) = Σₖ p(k | x) (mₖ − x) / vₖ </pre>
   */
  public Tensor score(Tensor x) {
    Tensor flat = flat(x);
    Tensor pull = shares(flat).dividedBy(row(Component::variance, flat));
    Tensor score = pull.matmul(means(flat)).minus(flat.times(pull.sum(1).reshape(-1, 1)));
    return score.reshape(x.shape());
  }

  /**
   * Returns E[x₀ | xₜ] for data of this law, the best estimate of the clean image there is.
   *
   * <pre>  Σₖ p(k | xₜ) (mₖ + a vₖ / (a² vₖ + b²) · (xₜ − a mₖ)),  a = signal, b = noise </pre>
   */
  public Tensor posteriorMean(Tensor xt, NoiseLevel level) {
    Tensor flat = flat(xt);
    double a = level.signal();
    double noise = square(level.noise());
    Tensor share = at(level).shares(flat);
    Tensor gain = share.times(row(c -> a * c.variance / (a * a * c.variance + noise), flat));
    Tensor rest = share.times(row(c -> noise / (a * a * c.variance + noise), flat));
    Tensor mean = rest.matmul(means(flat)).plus(flat.times(gain.sum(1).reshape(-1, 1)));
    return mean.reshape(xt.shape());
  }

  /** p(k | x), [N, K]. */
  private Tensor shares(Tensor flat) {
    return Functions.logSoftmax(logJoint(flat)).exp();
  }

  /** ln p(k) + ln q(x | k), [N, K]. */
  private Tensor logJoint(Tensor flat) {
    Tensor means = means(flat);
    Tensor squares =
        flat.reshape(-1, 1, dimensions())
            .minus(means.reshape(1, components.size(), dimensions()))
            .square()
            .sum(2);
    Tensor constant =
        row(
            c -> Math.log(c.weight) - 0.5 * dimensions() * Math.log(2 * Math.PI * c.variance),
            flat);
    return constant.minus(squares.dividedBy(row(c -> 2 * c.variance, flat)));
  }

  private Tensor means(Tensor like) {
    double[] means =
        components.stream()
            .flatMap(c -> c.mean.stream())
            .mapToDouble(Double::doubleValue)
            .toArray();
    return Tensor.of(means, components.size(), dimensions()).to(like.type());
  }

  /** A number of each component as [1, K]. */
  private Tensor row(ToDoubleFunction<Component> number, Tensor like) {
    double[] numbers = components.stream().mapToDouble(number).toArray();
    return Tensor.of(numbers, 1, numbers.length).to(like.type());
  }

  private Tensor flat(Tensor x) {
    Tensor flat = x.reshape(x.size(0), -1);
    if (flat.size(1) != dimensions()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "points are %s; this mixture has %d dimensions", x, dimensions()));
    }
    return flat;
  }

  private static double square(double x) {
    return x * x;
  }
}
