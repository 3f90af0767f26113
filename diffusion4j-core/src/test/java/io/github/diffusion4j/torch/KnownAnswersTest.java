package io.github.diffusion4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.torch.KnownAnswer.Deviation;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Breaks operations on purpose, for 32 bits only, and sees that it is found. */
class KnownAnswersTest {
  private static final KnownAnswer RIGHT = KnownAnswer.convolution(16, 4, 3, 1, 1, 2, 6);

  @Test
  void few_onThisMachine_areRight() {
    EngineCheck.require(); // takes a setting that is right, if the ordinary one is not

    assertThat(KnownAnswers.wrong(KnownAnswers.few())).isEmpty();
  }

  @Test
  void few_everyKind_isOffByRoundingOnly() {
    EngineCheck.require();
    Map<String, Deviation> worst = KnownAnswers.worst(KnownAnswers.few());

    assertThat(worst.keySet())
        .containsAll(
            KnownAnswers.few().stream().map(KnownAnswer::kind).collect(Collectors.toSet()));
    // 64 bits are not computed by the same kernels: not one agrees to the last bit
    assertThat(worst.values()).allMatch(deviation -> deviation.value() > 0);
  }

  @Test
  void wrongResult_isFound() {
    assertThat(found(y -> y.plus(1e-3))).contains("convolution 3x3, 16 to 4 channels");
  }

  @Test
  void wrongGradient_ofARightResult_isFound() {
    assertThat(found(y -> y.plus(y.minus(y.detach()).times(1e-3)))).contains("gradient by");
  }

  @Test
  void resultThatIsNotANumber_isFound() {
    List<Deviation> wrong = KnownAnswers.wrong(List.of(broken(y -> y.times(Double.NaN))));

    assertThat(wrong).hasSize(1).allMatch(deviation -> Double.isInfinite(deviation.value()));
  }

  @Test
  void memoryThatNobodySet_isFound() {
    assertThat(found(y -> y.plus(unset(y.shape())))).isNotEmpty();
  }

  @Test
  void wrongWithOneThreadOnly_isFound() {
    assertThat(found(y -> Engine.threads() == 1 ? y.times(1.001) : y)).isNotEmpty();
  }

  @Test
  void wrong_insideNoGrad_stillHasGradients() {
    try (NoGrad off = NoGrad.open()) {
      assertThat(found(y -> y.plus(y.minus(y.detach()).times(1e-3)))).contains("gradient by");
    }
  }

  /**
   * Returns 0 where fresh memory has an ordinary number, otherwise 1: NaN, or what {@code
   * MALLOC_PERTURB_} wrote over it.
   */
  private static Tensor unset(long... shape) {
    return new Tensor(torch.empty(shape).abs().le(new Scalar(1e10)).logical_not());
  }

  /** Returns where the check says that the broken operation is wrong. */
  private static String found(UnaryOperator<Tensor> fault) {
    List<Deviation> wrong = KnownAnswers.wrong(List.of(broken(fault)));
    assertThat(wrong).hasSize(1);
    return wrong.get(0).where();
  }

  static KnownAnswer broken(UnaryOperator<Tensor> fault) {
    return new KnownAnswer(
        RIGHT.kind(),
        RIGHT.name(),
        all -> {
          Tensor y = RIGHT.operation().of(all);
          return y.type() == DType.F32 ? fault.apply(y) : y;
        },
        RIGHT.products(),
        RIGHT.inputs());
  }
}
