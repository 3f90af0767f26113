package io.github.diffusion4j.sampling;

import static io.github.diffusion4j.NumbersAssert.assertNumbers;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.diffusion.SubSequence;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PndmSamplerTest extends SamplerContract {
  @Override
  Sampler sampler(SubSequence tau) {
    return new PndmSampler(NoiseGrid.of(DDPM, tau), PndmSampler.Start.RUNGE_KUTTA);
  }

  @Override
  boolean looksOncePerStep() {
    return false;
  }

  @Override
  boolean remembersSteps() {
    return true;
  }

  @Test
  void looks_tenSteps_areNineteenOrEleven() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.leading(1000, 10));
    List<Double> times = new ArrayList<>();

    new PndmSampler(grid, PndmSampler.Start.RUNGE_KUTTA)
        .sample(DATA, noise(0), step -> times.add(step.level().t()), 1, 1, 1, 1);

    assertThat(times)
        .startsWith(901.0, 851.0, 851.0, 801.0, 801.0, 751.0, 751.0, 701.0)
        .endsWith(601.0, 501.0, 401.0, 301.0, 201.0, 101.0, 1.0)
        .hasSize(19);
    times.clear();
    new PndmSampler(grid, PndmSampler.Start.TWO_LOOKS)
        .sample(DATA, noise(0), step -> times.add(step.level().t()), 1, 1, 1, 1);
    assertThat(times).startsWith(901.0, 801.0, 801.0, 701.0).hasSize(11);
  }

  @Test
  void oneStep_toTheCleanImage_isDdim() {
    NoiseGrid grid = NoiseGrid.of(DDPM, SubSequence.of(400));

    for (PndmSampler.Start start : PndmSampler.Start.values()) {
      assertNumbers(withoutNoise(new PndmSampler(grid, start), DATA))
          .areCloseTo(withoutNoise(new DdimSampler(grid, 0), DATA), 1e-12);
    }
  }
}
