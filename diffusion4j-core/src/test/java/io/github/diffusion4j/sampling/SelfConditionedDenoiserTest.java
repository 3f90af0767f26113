package io.github.diffusion4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.diffusion.NoiseLevel;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelfConditionedDenoiserTest {
  private static final NoiseLevel LEVEL = new NoiseLevel(1, 0.6, 0.8);

  @Test
  void estimate_again_isShownTheEstimateBefore() {
    try (Scope scope = Scope.open();
        SelfConditionedDenoiser denoiser = new SelfConditionedDenoiser(this::oneMore)) {
      assertThat(look(denoiser)).isEqualTo(1);
      assertThat(look(denoiser)).isEqualTo(2);
      assertThat(look(denoiser)).isEqualTo(3);
    }
  }

  @Test
  void estimate_ofAnotherRun_isShownNothing() {
    try (Scope scope = Scope.open();
        SelfConditionedDenoiser first = new SelfConditionedDenoiser(this::oneMore);
        SelfConditionedDenoiser second = new SelfConditionedDenoiser(this::oneMore)) {
      look(first);
      look(first);

      assertThat(look(second)).isEqualTo(1);
    }
  }

  @Test
  void close_freesWhatIsRemembered() {
    long before = LiveObjects.settled();
    try (SelfConditionedDenoiser denoiser = new SelfConditionedDenoiser(this::oneMore)) {
      look(denoiser);
      look(denoiser);
    }
    assertThat(LiveObjects.settled()).isEqualTo(before);
  }

  /** Looks in a scope of its own, as samplers do; the estimate must outlive it. */
  private static double look(Denoiser denoiser) {
    try (Scope step = Scope.open()) {
      return denoiser.estimate(Tensor.zeros(1), LEVEL).x0Hat().item();
    }
  }

  private Denoiser oneMore(Optional<Tensor> last) {
    return (xt, level) -> {
      Tensor x0Hat = last.map(shown -> shown.plus(1)).orElseGet(() -> Tensor.full(1, 1));
      return new Estimate(x0Hat, xt);
    };
  }
}
