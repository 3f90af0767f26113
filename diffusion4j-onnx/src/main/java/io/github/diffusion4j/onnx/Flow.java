package io.github.diffusion4j.onnx;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** What the levels of a graph hand on besides the hidden image. */
final class Flow {
  private final Deque<Image> results = new ArrayDeque<>();
  private Image input;
  private Optional<Image> answer = Optional.empty();

  /** Begins with what the network sees. */
  Flow(Image input) {
    this.input = input;
  }

  /** Leaves a result for the way up. */
  void leave(Image result) {
    results.push(result);
  }

  /** Takes the latest result that is left. */
  Image take() {
    return results.pop();
  }

  /** Returns what the network sees, as small as the last skip level left it. */
  Image input() {
    return input;
  }

  void shrinkTo(Image smaller) {
    input = smaller;
  }

  /** Returns the image that skip levels on the way up have made so far. */
  Optional<Image> answer() {
    return answer;
  }

  void answerWith(Optional<Image> grown) {
    answer = grown;
  }
}
