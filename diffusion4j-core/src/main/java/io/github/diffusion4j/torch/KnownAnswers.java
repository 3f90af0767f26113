package io.github.diffusion4j.torch;

import io.github.diffusion4j.torch.KnownAnswer.Deviation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Operations whose answers are known, and how far this process is off. */
public final class KnownAnswers {
  /**
   * A few of each kind. Channels are mostly no multiples of 8 or 16, the widths of vectors, since
   * there kernels pad; a batch of 17 is one more than makes libtorch choose other kernels.
   */
  private static final List<KnownAnswer> FEW =
      List.of(
          KnownAnswer.convolution(32, 3, 3, 1, 1, 2, 6),
          KnownAnswer.convolution(16, 4, 3, 1, 1, 3, 7),
          KnownAnswer.convolution(4, 8, 3, 1, 1, 2, 6),
          KnownAnswer.convolution(3, 16, 3, 2, 1, 2, 7),
          KnownAnswer.convolution(7, 13, 3, 2, 1, 1, 8),
          KnownAnswer.convolution(16, 16, 3, 1, 1, 17, 4),
          KnownAnswer.convolution(17, 5, 1, 1, 1, 17, 4),
          KnownAnswer.convolution(5, 18, 5, 1, 1, 2, 6),
          KnownAnswer.convolution(12, 20, 3, 1, 4, 2, 6),
          KnownAnswer.convolution(10, 10, 3, 1, 10, 2, 6),
          KnownAnswer.transposed(13, 6, 4, 2, 4),
          KnownAnswer.product(17, 37, 29),
          KnownAnswer.linear(19, 33, 7),
          KnownAnswer.attention(2, 3, 35, 7),
          KnownAnswer.groupNorm(12, 4, 3, 5));

  private KnownAnswers() {}

  /** Returns those that are computed before a training, a sampling or a likelihood. */
  public static List<KnownAnswer> few() {
    return FEW;
  }

  /** Returns the worst deviation of each kind, in the order of the list. */
  public static Map<String, Deviation> worst(List<KnownAnswer> answers) {
    Map<String, Deviation> byKind = new LinkedHashMap<>();
    try (Crew crew = new Crew(1)) {
      for (KnownAnswer answer : answers) {
        byKind.merge(answer.kind(), answer.deviation(crew), Deviation::worse);
      }
    }
    return byKind;
  }

  /** Returns the first deviation that rounding does not explain; nothing where all is right. */
  static List<Deviation> wrong(List<KnownAnswer> answers) {
    List<Deviation> wrong = new ArrayList<>();
    for (Deviation deviation : worst(answers).values()) {
      if (!deviation.isRounding()) {
        wrong.add(deviation);
      }
    }
    return wrong;
  }
}
