package io.github.diffusion4j.training;

import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.Crew;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The gradient of a batch, of which each thread of a {@link Crew} looks at a part.
 *
 * <pre>  ∇ (1/N) Σₙ wₙ Lₙ = Σ over parts of ∇ (1/N) Σ over the part of wₙ Lₙ </pre>
 *
 * <p>Every thread has a network of its own with the same weights, and gradients of its own; they
 * are added in the order of the parts, so equal numbers of threads give equal bits.
 */
final class BatchGradient implements AutoCloseable {
  private final Crew crew;
  private final List<Look> looks = new ArrayList<>();

  /**
   * What looks at a part.
   *
   * @param network its parameters are views of {@code weights}
   * @param step teaches {@code network}
   */
  record Look(Network network, ParameterVector weights, TrainingStep step) {
    /** Adds the gradient of Σ wₙ Lₙ, times {@code factor}; returns the losses Lₙ. */
    private double[] backward(
        Tensor x0, Optional<Tensor> labels, TrainingStep.Draw draw, double factor) {
      Tensor losses = step.perSample(x0, labels, draw);
      Tensor weights = Tensor.of(draw.weights(), draw.t().length).to(losses.type());
      losses.times(weights).sum().times(factor).backward();
      return losses.toDoubles();
    }
  }

  /**
   * A gradient by {@code crew}, which this closes.
   *
   * @param first looks at the first part, and at all where there is only one; remains the caller's
   * @param like makes a network of the same shape as the first one's
   */
  BatchGradient(Crew crew, Look first, Supplier<Network> like) {
    this.crew = crew;
    looks.add(first);
    while (looks.size() < crew.size()) {
      Network network = like.get();
      ParameterVector weights = first.weights().sharedWith(network.parameters());
      looks.add(new Look(network, weights, first.step().with(network)));
    }
  }

  /**
   * Adds the gradient of the mean loss, times {@code factor}, to the first one's.
   *
   * @return the mean loss, times {@code factor}
   */
  double add(Tensor x0, Optional<Tensor> labels, Seed seed, double factor) {
    looks.stream().skip(1).forEach(other -> other.weights().clearGradients());
    int samples = (int) x0.size(0);
    TrainingStep.Draw draw = first().step().draw(x0, seed);
    List<double[]> losses =
        crew.share(
            samples,
            (part, start, count) -> {
              try (Scope scope = Scope.open()) {
                Tensor x0Part = x0.narrow(0, start, count);
                Optional<Tensor> labelsPart = labels.map(all -> all.narrow(0, start, count));
                TrainingStep.Draw drawPart = draw.part(start, count);
                return looks.get(part).backward(x0Part, labelsPart, drawPart, factor / samples);
              }
            });
    double[] all = losses.stream().flatMapToDouble(Arrays::stream).toArray();
    collectGradients();
    return first().step().heard(draw, all) * factor;
  }

  private void collectGradients() {
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open()) {
      for (Look other : looks.subList(1, looks.size())) {
        Tensors.plusInPlace(first().weights().gradients(), other.weights().gradients());
      }
    }
  }

  private Look first() {
    return looks.get(0);
  }

  /** Frees all but the first look, which is the caller's. */
  @Override
  public void close() {
    crew.close();
    for (Look other : looks.subList(1, looks.size())) {
      other.weights().close();
      other.network().close();
    }
  }
}
