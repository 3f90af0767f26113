package io.github.diffusion4j.sampling;

import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.sampling.DpmOptions.Rule;
import io.github.diffusion4j.sampling.UniPcOptions.Corrector;
import io.github.diffusion4j.sampling.UniPcOptions.Scale;
import org.junit.jupiter.api.Nested;

/** The contract of samplers for each kind of exponential integrator. */
class SolverContractTest {

  private static NoiseGrid grid(SubSequence tau) {
    return NoiseGrid.of(SamplerContract.DDPM, tau);
  }

  abstract static class SolverContract extends SamplerContract {
    @Override
    boolean remembersSteps() {
      return true;
    }
  }

  @Nested
  class MultistepOrder2Test extends SolverContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new DpmMultistepSampler(grid(tau), DpmOptions.plusPlus(2));
    }
  }

  @Nested
  class MultistepOrder3Test extends SolverContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new DpmMultistepSampler(
          grid(tau), DpmOptions.plusPlus(3).with(Rule.EXACT).with(FinalOrder.FULL));
    }
  }

  @Nested
  class MultistepOfNoiseTest extends SolverContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new DpmMultistepSampler(grid(tau), DpmOptions.plusPlus(3).with(Integrand.EPSILON));
    }
  }

  @Nested
  class MultistepSdeTest extends SolverContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new DpmMultistepSampler(grid(tau), DpmOptions.plusPlus(2).with(ReverseDynamics.SDE));
    }
  }

  @Nested
  class MultistepSdeOfNoiseTest extends SolverContract {
    @Override
    Sampler sampler(SubSequence tau) {
      DpmOptions sde = DpmOptions.plusPlus(2).with(ReverseDynamics.SDE);
      return new DpmMultistepSampler(grid(tau), sde.with(Integrand.EPSILON));
    }
  }

  @Nested
  class SingleStepOrder2Test extends SolverContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new DpmSingleStepSampler(grid(tau), DpmOptions.plusPlus(2));
    }
  }

  @Nested
  class SingleStepOrder3Test extends SolverContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new DpmSingleStepSampler(grid(tau), DpmOptions.plusPlus(3).with(Rule.HEUN));
    }
  }

  @Nested
  class UniPcOrder3Test extends SolverContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new UniPcSampler(grid(tau), UniPcOptions.ofOrder(3));
    }
  }

  @Nested
  class UniPcOfNoiseTest extends SolverContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new UniPcSampler(
          grid(tau), UniPcOptions.ofOrder(2).with(Scale.BH1).with(Integrand.EPSILON));
    }
  }

  @Nested
  class UniPredictorTest extends SolverContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new UniPcSampler(grid(tau), UniPcOptions.ofOrder(3).with(Corrector.NEVER));
    }
  }

  @Nested
  class DeisTest extends SolverContract {
    @Override
    Sampler sampler(SubSequence tau) {
      return new DeisSampler(grid(tau), 3, FinalOrder.FALLING_IN_SHORT_RUNS);
    }
  }
}
