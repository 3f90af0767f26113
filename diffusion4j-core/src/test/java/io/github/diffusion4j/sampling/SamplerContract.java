package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.diffusion.LinearSchedule;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.Prediction;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every sampler owes its callers, checked with denoisers in closed form. */
abstract class SamplerContract {
  static final NoiseSchedule DDPM = LinearSchedule.ddpm();
  static final GaussianData DATA = new GaussianData(0.3, 0.25);
  static final double[] STARTS = {-1, 0, 2};

  private Scope scope;

  abstract Sampler sampler(SubSequence tau);

  /** Whether the sampler looks once at each level of its grid, as most do. */
  boolean looksOncePerStep() {
    return true;
  }

  /** A sampler that comes near the distribution of the data in 100 steps. */
  Sampler fineSampler(SubSequence tau) {
    return sampler(tau);
  }

  /** The function of {@link #DATA} with which it draws from them. */
  Denoiser ideal() {
    return DATA;
  }

  /** Whether a step uses what was seen in steps before, as those of multistep methods do. */
  boolean remembersSteps() {
    return false;
  }

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void sample_shortChain_hasShapeAndCountsEvaluations() {
    Sampler sampler = sampler(SubSequence.trailing(1000, 7));
    int[] asked = new int[1];
    Denoiser counting =
        (xt, level) -> {
          asked[0]++;
          return DATA.estimate(xt, level);
        };

    int[] told = new int[1];

    Tensor x0 = sampler.sample(counting, noise(0), step -> told[0]++, 2, 3, 4, 5);

    assertThat(x0.shape()).containsExactly(2, 3, 4, 5);
    assertThat(told[0]).isEqualTo(asked[0]);
    if (looksOncePerStep()) {
      assertThat(asked[0]).isEqualTo(7);
    }
  }

  @Test
  void sample_twice_isTheSame() {
    Sampler sampler = sampler(SubSequence.trailing(1000, 20));
    float[] first = draw(sampler, noise(0), 4);
    draw(sampler, noise(100), 2); // would change a state, if there were one

    assertThat(draw(sampler, noise(0), 4)).containsExactly(first);
  }

  @Test
  void sample_otherSeed_isAnother() {
    Sampler sampler = sampler(SubSequence.trailing(1000, 20));

    assertThat(draw(sampler, noise(0), 1)).isNotEqualTo(draw(sampler, noise(1), 1));
  }

  @Test
  void sample_inABatch_equalsSampleAlone() {
    Sampler sampler = sampler(SubSequence.trailing(1000, 20));
    float[] batch = draw(sampler, noise(0), 4);
    float[] third = draw(sampler, noise(2), 1);

    for (int i = 0; i < third.length; i++) {
      assertThat(batch[2 * third.length + i]).isCloseTo(third[i], within(1e-6f));
    }
  }

  @Test
  void listener_everyLook_seesItsTime() {
    SubSequence tau = SubSequence.leading(1000, 7);
    List<Double> times = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    List<Integer> ofs = new ArrayList<>();
    SamplingListener listener =
        step -> {
          times.add(step.level().t());
          numbers.add(step.number());
          ofs.add(step.of());
          assertThat(step.xt().shape()).containsExactly(2, 1, 1, 1);
          Estimate expected = DATA.estimate(step.xt(), step.level());
          assertNumbers(step.estimate().x0Hat().toFloats()).areEqualTo(expected.x0Hat().toFloats());
        };

    sampler(tau).sample(DATA, noise(0), listener, 2, 1, 1, 1);

    int looks = times.size();
    assertThat(numbers).containsExactlyElementsOf(IntStream.rangeClosed(1, looks).boxed().toList());
    assertThat(ofs.get(looks - 1)).isEqualTo(looks);
    assertThat(times.get(0)).isEqualTo(853.0);
    assertThat(times.get(looks - 1)).isEqualTo(1.0);
    if (looksOncePerStep()) {
      assertThat(times).containsExactly(853.0, 711.0, 569.0, 427.0, 285.0, 143.0, 1.0);
      assertThat(ofs).containsOnly(7);
    }
  }

  @Test
  void lastStep_anyNoise_isTheEstimateOfTheImage() {
    List<float[]> last = new ArrayList<>();

    Tensor x0 =
        sampler(SubSequence.of(1))
            .sample(
                DATA, noise(0), step -> last.add(step.estimate().x0Hat().toFloats()), 2, 1, 1, 1);

    assertNumbers(x0.toFloats()).areCloseTo(last.get(last.size() - 1), 1e-6f);
  }

  @Test
  void lastLook_noiseSource_isNotAskedAgain() {
    List<Integer> draws = new ArrayList<>();
    int[] drawnAtLastLook = new int[1];
    NoiseSource recording =
        new NoiseSource() {
          @Override
          public Tensor xT(long... shape) {
            return Tensor.zeros(shape);
          }

          @Override
          public Tensor z(int draw, long... shape) {
            draws.add(draw);
            return Tensor.zeros(shape);
          }
        };

    sampler(SubSequence.of(1, 4, 9))
        .sample(DATA, recording, step -> drawnAtLastLook[0] = draws.size(), 1, 1, 1, 1);

    assertThat(draws).hasSize(drawnAtLastLook[0]).doesNotHaveDuplicates();
    assertThat(draws).allMatch(draw -> draw >= 1);
  }

  @Test
  void sample_startOwnedByNoiseSource_isLeftAlone() {
    Tensor start = Tensor.of(STARTS, 3, 1, 1, 1);
    FixedNoise noise = new FixedNoise(start, 0);
    Sampler sampler = sampler(SubSequence.trailing(1000, 5));

    double[] first = sampler.sample(DATA, noise, SamplingListener.NONE, 3, 1, 1, 1).toDoubles();

    assertThat(start.toDoubles()).containsExactly(STARTS);
    assertThat(sampler.sample(DATA, noise, SamplingListener.NONE, 3, 1, 1, 1).toDoubles())
        .containsExactly(first);
  }

  @Test
  void sampleFrom_theNoisiestLevel_isTheWholeRun() {
    Sampler sampler = sampler(SubSequence.trailing(1000, 20));
    Tensor xT = sampler.grid().start(noise(0), 2, 1, 2, 2);

    assertNumbers(sampler.sampleFrom(20, xT, DATA, noise(0), SamplingListener.NONE).toFloats())
        .areEqualTo(sampler.sample(DATA, noise(0), SamplingListener.NONE, 2, 1, 2, 2).toFloats());
  }

  /** One of the looks at level 15 sees the images that step 15 begins with. */
  @Test
  void sampleFrom_theMiddleOfARun_isItsTail() {
    Sampler sampler = sampler(SubSequence.trailing(1000, 20));
    List<Tensor> seen = new ArrayList<>();
    SamplingListener listener =
        step -> {
          if (step.level().equals(sampler.grid().level(15))) {
            seen.add(step.xt().copy().outlivingScopes());
          }
        };

    float[] whole = sampler.sample(DATA, noise(0), listener, 2, 1, 2, 2).toFloats();

    boolean isTail =
        seen.stream()
            .map(xs -> sampler.sampleFrom(15, xs, DATA, noise(0), SamplingListener.NONE))
            .anyMatch(x -> Arrays.equals(x.toFloats(), whole));
    seen.forEach(Tensor::close);
    assertThat(isTail).isEqualTo(!remembersSteps());
  }

  /** Noised data are denoised to the distribution of the data. */
  @Test
  void sampleFrom_noisedData_hasTheDistributionOfTheData() {
    Sampler sampler = fineSampler(SubSequence.trailing(1000, 100));
    Tensor x0 = Seed.of(3).normal(4000, 1).times(Math.sqrt(DATA.variance())).plus(DATA.mean());
    Tensor xs = sampler.grid().noised(60, x0, noise(0));

    double[] x = sampler.sampleFrom(60, xs, ideal(), noise(0), SamplingListener.NONE).toDoubles();

    double mean = DoubleStream.of(x).average().orElseThrow();
    double variance = DoubleStream.of(x).map(v -> (v - mean) * (v - mean)).sum() / x.length;
    double error = DATA.variance() * Math.sqrt(2.0 / x.length);
    assertThat(mean).isCloseTo(DATA.mean(), within(4 * Math.sqrt(DATA.variance() / x.length)));
    assertThat(variance).isCloseTo(DATA.variance(), within(4 * error + 0.01));
  }

  @Test
  void sampleFrom_imagesOfTheCaller_areLeftAlone() {
    Sampler sampler = sampler(SubSequence.trailing(1000, 5));
    Tensor xs = Tensor.of(STARTS, 3, 1, 1, 1);

    for (int s = 0; s <= 5; s++) {
      Tensor x = sampler.sampleFrom(s, xs, DATA, noise(0), SamplingListener.NONE);
      assertThat(x.toDoubles()).hasSize(3);
    }

    assertThat(xs.toDoubles()).containsExactly(STARTS);
    assertThat(sampler.sampleFrom(0, xs, DATA, noise(0), SamplingListener.NONE)).isSameAs(xs);
  }

  @Test
  void sampleFrom_theMiddle_countsItsEvaluations() {
    Sampler sampler = sampler(SubSequence.trailing(1000, 12));
    List<SamplingListener.Step> steps = new ArrayList<>();

    sampler.sampleFrom(7, Tensor.of(STARTS, 3, 1, 1, 1), DATA, noise(0), steps::add);

    SamplingListener.Step last = steps.get(steps.size() - 1);
    assertThat(steps.get(0).number()).isEqualTo(1);
    assertThat(last.number()).isEqualTo(steps.size());
    assertThat(last.of()).isEqualTo(steps.size());
    if (looksOncePerStep()) {
      assertThat(steps).hasSize(7);
    }
  }

  @Test
  void sampleFrom_noSuchLevel_isRefused() {
    Sampler sampler = sampler(SubSequence.trailing(1000, 5));
    Tensor xs = Tensor.of(STARTS, 3, 1, 1, 1);

    for (int s : new int[] {-1, 6}) {
      assertThatThrownBy(() -> sampler.sampleFrom(s, xs, DATA, noise(0), SamplingListener.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("level is %d; allowed: 0…5".formatted(s));
    }
  }

  @Test
  void sample_manySteps_keepsNativeObjectsFlat() {
    List<Long> live = new ArrayList<>();
    Denoiser denoiser =
        BoundedDenoiser.clipping(
            new NetworkDenoiser((xt, time) -> xt.times(0.5), Prediction.EPSILON), 1);

    long before = LiveObjects.settled();
    Tensor x0 =
        sampler(SubSequence.trailing(1000, 200))
            .sample(denoiser, noise(0), step -> live.add(Scope.liveObjects()), 2, 1, 2, 2);

    int looks = live.size() - 3; // the last step may look once more than the others
    assertThat(Collections.max(live.subList(looks / 2, looks)))
        .isEqualTo(Collections.max(live.subList(looks / 10, looks / 2)));
    assertThat(x0.shape()).containsExactly(2, 1, 2, 2);
    assertThat(Scope.liveObjects()).isEqualTo(before + 1);
  }

  @Test
  void sample_withoutScope_resultBelongsToTheCaller() {
    scope.close();
    Sampler sampler = sampler(SubSequence.trailing(1000, 5));

    Tensor x0 = sampler.sample(DATA, noise(0), SamplingListener.NONE, 1, 1, 2, 2);

    assertThat(x0.toFloats()).hasSize(4);
    x0.close();
    scope = Scope.open();
  }

  /** The affine map of a sampler with its noise switched off: mean of the output for each start. */
  static double[] withoutNoise(Sampler sampler, Denoiser data) {
    try (Scope inner = Scope.open()) {
      FixedNoise noise = new FixedNoise(Tensor.of(STARTS, 3, 1, 1, 1), 0);
      return sampler.sample(data, noise, SamplingListener.NONE, 3, 1, 1, 1).toDoubles();
    }
  }

  static SeededNoise noise(long first) {
    return new SeededNoise(Seed.of(11), first);
  }

  private static float[] draw(Sampler sampler, NoiseSource noise, int count) {
    try (Scope inner = Scope.open()) {
      return sampler.sample(DATA, noise, SamplingListener.NONE, count, 1, 2, 2).toFloats();
    }
  }
}
