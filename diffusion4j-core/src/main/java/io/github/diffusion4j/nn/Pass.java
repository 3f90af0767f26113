package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * One pass through a U-Net: what its levels are told, and what they hand on besides the hidden
 * image.
 */
final class Pass {
  private final Tensor embedding;
  private final Tensor time;
  private final Dropout dropout;
  private final Deque<Tensor> results = new ArrayDeque<>();
  private Tensor input;
  private Optional<Tensor> answer = Optional.empty();

  /**
   * Begins a pass.
   *
   * @param embedding the embedding of time and class [N, width]
   * @param time the same, activated
   * @param input what the network sees [N, C, H, W]
   */
  Pass(Tensor embedding, Tensor time, Tensor input, Dropout dropout) {
    this.embedding = embedding;
    this.time = time;
    this.input = input;
    this.dropout = dropout;
  }

  /** Returns the embedding of time and class [N, width] before its activation. */
  Tensor embedding() {
    return embedding;
  }

  /** Returns the activated embedding of time and class [N, width]. */
  Tensor time() {
    return time;
  }

  Dropout dropout() {
    return dropout;
  }

  /** Leaves a result for the way up. */
  void leave(Tensor result) {
    results.push(result);
  }

  /** Takes the latest result that is left. */
  Tensor take() {
    return results.pop();
  }

  /** Returns what the network sees, as small as the last skip level left it. */
  Tensor input() {
    return input;
  }

  void shrinkTo(Tensor smaller) {
    input = smaller;
  }

  /** Returns the image that skip levels on the way up have made so far. */
  Optional<Tensor> answer() {
    return answer;
  }

  void answerWith(Optional<Tensor> grown) {
    answer = grown;
  }
}
