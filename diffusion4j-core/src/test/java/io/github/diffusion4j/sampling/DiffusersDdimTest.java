package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.diffusion.ForwardProcess;
import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.Predictions;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares with trajectories of diffusers' {@code DDIMScheduler}; see golden/ddim/PROVENANCE.md.
 *
 * <p>Where x̂₀ is clipped, diffusers goes on with the network's own ε̂, so that the two no longer
 * add up to xₜ ({@code keepingNoise}); {@link BoundedDenoiser} computes ε̂ anew from the clipped
 * x̂₀, as diffusers does only with {@code use_clipped_model_output=True}. These trajectories cannot
 * tell: in them x̂₀ never reaches 1, and both ways give diffusers' numbers.
 */
@Tag("numerics")
class DiffusersDdimTest {
  private static final NoiseSchedule SCHEDULE = LinearSchedule.ddpm();
  private static final ForwardProcess PROCESS = new ForwardProcess(SCHEDULE);
  private static final SubSequence TAU = SubSequence.leading(1000, 10);

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
  @CsvSource({"EPSILON, epsilon, 172.0067", "V, v_prediction, 52.5302"})
  void sample_ownNoiseKept_equalsDiffusers(Predictions kind, String name, double sum)
      throws Exception {
    Prediction prediction = kind.get();
    URL file = getClass().getResource("/golden/ddim/trajectories.safetensors");
    Tensor golden = Safetensors.read(Path.of(Objects.requireNonNull(file).toURI())).get(name);
    List<float[]> trajectory = new ArrayList<>();

    Tensor x0 = sample(asDiffusersDoes(prediction), step -> trajectory.add(step.xt().toFloats()));

    trajectory.add(x0.toFloats());
    for (int i = 0; i < 10; i++) {
      float[] expected = Objects.requireNonNull(golden).select(0, i).toFloats();
      assertNumbers(trajectory.get(i + 1)).as("step %d", i).areCloseTo(expected, 1e-5f);
    }
    assertThat(x0.abs().sum().item()).isCloseTo(sum, within(1e-3));
  }

  @ParameterizedTest
  @CsvSource({"EPSILON, 172.0067", "V, 52.5302"})
  void boundedDenoiser_nothingToClip_equalsDiffusers(Predictions kind, double sum) {
    Denoiser denoiser = clipped(kind.get());
    List<Double> largest = new ArrayList<>();

    Tensor x0 =
        sample(
            denoiser,
            step ->
                largest.add(
                    Arrays.stream(step.estimate().x0Hat().abs().toDoubles()).max().orElse(0)));

    assertThat(largest).allMatch(value -> value < 1);
    assertThat(x0.abs().sum().item()).isCloseTo(sum, within(1e-2));
  }

  @Test
  void boundedDenoiser_clipped_noiseAndImageStillAddUp() {
    Denoiser denoiser = clipped(Prediction.EPSILON);
    Tensor xt = start().times(30);

    Estimate estimate = denoiser.estimate(xt, SCHEDULE.level(101));

    assertThat(estimate.x0Hat().abs().toFloats()).contains(1f);
    assertNumbers(PROCESS.sample(estimate.x0Hat(), times(101), estimate.epsilonHat()).toFloats())
        .areCloseTo(xt.toFloats(), 1e-5f);
  }

  private static Tensor sample(Denoiser denoiser, SamplingListener listener) {
    NoiseSource noise = new FixedNoise(start(), Double.NaN);
    return new DdimSampler(SCHEDULE, TAU, 0).sample(denoiser, noise, listener, 4, 3, 8, 8);
  }

  private static Denoiser asDiffusersDoes(Prediction prediction) {
    return BoundedDenoiser.clipping(new NetworkDenoiser(DiffusersDdimTest::dummy, prediction), 1)
        .keepingNoise();
  }

  private static Denoiser clipped(Prediction prediction) {
    return BoundedDenoiser.clipping(new NetworkDenoiser(DiffusersDdimTest::dummy, prediction), 1);
  }

  /** x · t / (t + 1), for a batch of one time. */
  private static Tensor dummy(Tensor xt, Tensor networkTime) {
    double t = networkTime.toFloats()[0];
    return xt.times(t).dividedBy(t + 1);
  }

  private static Tensor start() {
    return Tensor.arange(768)
        .to(DType.F32)
        .dividedBy(768)
        .reshape(3, 8, 8, 4)
        .permute(3, 0, 1, 2)
        .contiguous();
  }

  private static int[] times(int t) {
    int[] times = new int[4];
    Arrays.fill(times, t);
    return times;
  }
}
