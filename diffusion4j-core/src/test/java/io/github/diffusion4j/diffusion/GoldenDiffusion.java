package io.github.diffusion4j.diffusion;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Values of OpenAI's GaussianDiffusion; see golden/gaussian_diffusion/PROVENANCE.md. Its tensors
 * belong to the scope that is open when it is made.
 */
public final class GoldenDiffusion {
  private static final String FILE = "/golden/gaussian_diffusion/values.safetensors";

  private final Map<String, Tensor> values;
  private final String tag;
  private final SubSequence tau;

  /** The values called {@code tag}: linear_full or linear_50. */
  public GoldenDiffusion(String tag) {
    this.tag = tag;
    try {
      URL file = GoldenDiffusion.class.getResource(FILE);
      values = Safetensors.read(Path.of(Objects.requireNonNull(file).toURI()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    tau = SubSequence.of(plusOne(of("timestep_map").toLongs()));
  }

  private static int[] plusOne(long[] times) {
    return Arrays.stream(times).mapToInt(t -> (int) t + 1).toArray();
  }

  /** Returns the steps that are visited, out of 1000. */
  public SubSequence tau() {
    return tau;
  }

  /** Returns the schedule of these steps. */
  public NoiseSchedule schedule() {
    return LinearSchedule.ddpm().shortenedTo(tau);
  }

  /** Returns the times of the five images in {@link #schedule}. */
  public int[] t() {
    return plusOne(of("t").toLongs());
  }

  /** Returns whether there is a value of this name. */
  public boolean has(String name) {
    return values.containsKey(tag + "/" + name);
  }

  /** Returns a value of this tag. */
  public Tensor of(String name) {
    return at(tag + "/" + name);
  }

  /** Returns an input in F64. */
  public Tensor in(String name) {
    return at("in/" + name).to(DType.F64);
  }

  /** Returns any value. */
  public Tensor at(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  /** The network's first half: what it says for images of these times of the full schedule. */
  public static Tensor output(Tensor x, double... fullTime) {
    return x.times(0.8).plus(column(x, fullTime).times(0.1).minus(0.05));
  }

  /** Its second half. */
  public static Tensor varianceOutput(Tensor x, double... fullTime) {
    return x.times(-0.4).plus(column(x, fullTime).times(0.6).minus(0.3));
  }

  /** The two halves for the images of {@link #t}, the second if the variance is learned. */
  public Optional<Tensor> varianceOutput(Tensor x, ReverseVariance variance) {
    return variance.isLearned() ? Optional.of(varianceOutput(x, fullTimes())) : Optional.empty();
  }

  /** The first half for the images of {@link #t}. */
  public Tensor output(Tensor x) {
    return output(x, fullTimes());
  }

  private double[] fullTimes() {
    return Arrays.stream(t()).mapToDouble(tau::t).toArray();
  }

  private static Tensor column(Tensor x, double... fullTime) {
    double[] s = new double[(int) x.size(0)];
    Arrays.setAll(s, n -> (fullTime[fullTime.length == 1 ? 0 : n] - 1) / 1000);
    return Tensor.of(s, s.length, 1, 1, 1).to(x.type());
  }

  /** Returns what a network of the golden name predicts. */
  public Prediction prediction(String name) {
    return switch (name) {
      case "eps" -> Prediction.EPSILON;
      case "x0" -> Prediction.X0;
      case "prev" -> Prediction.previous(schedule());
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Returns the variance of the golden name. */
  public static ReverseVariance variance(String name) {
    return switch (name) {
      case "fixed_small" -> FixedVariance.BETA_TILDE;
      case "fixed_large" -> FixedVariance.BETA;
      case "learned" -> LearnedVariance.LEARNED;
      case "learned_range" -> LearnedVariance.LEARNED_RANGE;
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** The names of the variances. */
  public static List<String> variances() {
    return List.of("fixed_small", "fixed_large", "learned", "learned_range");
  }

  /** Asserts |actual − golden| ≤ tolerance · max(1, largest |golden|). */
  public static void assertClose(Tensor actual, Tensor golden, double tolerance, String name) {
    double[] expected = golden.toDoubles();
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertNumbers(actual.toDoubles())
        .as(name)
        .areCloseTo(expected, tolerance * Math.max(1, largest));
  }
}
