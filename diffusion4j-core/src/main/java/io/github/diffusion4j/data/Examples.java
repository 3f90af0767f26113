package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/** Samples for one training step, in plain Java memory. */
public interface Examples {
  /** Returns the samples as a new tensor [N, …] of the calling thread's scope. */
  Tensor x0();

  /** Returns their classes as a new tensor I64 [N], or nothing for data without classes. */
  Optional<Tensor> labels();
}
