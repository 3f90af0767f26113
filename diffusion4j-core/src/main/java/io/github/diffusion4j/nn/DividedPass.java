package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Crew;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Optional;

/** A network that is asked without gradients, each thread of a {@link Crew} about some samples. */
public final class DividedPass implements ForwardPass, AutoCloseable {
  private final Network network;
  private final Crew crew;

  /** Asks {@code network}, which remains the caller's, about batches of {@code samples}. */
  public DividedPass(Network network, int samples) {
    this(network, Crew.forBatchesOf(samples));
  }

  DividedPass(Network network, Crew crew) {
    this.network = network;
    this.crew = crew;
  }

  @Override
  public Tensor forward(Tensor x, Tensor time, Optional<Tensor> labels) {
    int samples = (int) x.size(0);
    if (samples < crew.size()) {
      return network.forward(x, time, labels, Dropout.NONE);
    }
    List<Tensor> parts =
        crew.share(
            samples,
            (part, first, count) -> {
              try (Scope scope = Scope.open();
                  NoGrad off = NoGrad.open()) {
                return network
                    .forward(
                        x.narrow(0, first, count),
                        time.narrow(0, first, count),
                        labels.map(all -> all.narrow(0, first, count)),
                        Dropout.NONE)
                    .outlivingScopes();
              }
            });
    Tensor whole = Tensor.cat(parts, 0);
    parts.forEach(Tensor::close);
    return whole;
  }

  /** Ends the threads; the network remains the caller's. */
  @Override
  public void close() {
    crew.close();
  }
}
