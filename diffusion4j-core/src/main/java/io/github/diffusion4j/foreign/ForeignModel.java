package io.github.diffusion4j.foreign;

import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What a file of another project is in our words.
 *
 * @param network the shape of the network
 * @param process the diffusion process it was trained for
 * @param notes what a person should know: what was assumed, and what was left out; one line each
 * @param weights its parameters, still on the disk
 */
public record ForeignModel(
    ModelConfig network, ProcessConfig process, List<String> notes, Weights weights) {

  /** Parameters that have not been read yet. */
  @FunctionalInterface
  public interface Weights {
    /**
     * Reads the parameters.
     *
     * @return F32, by the names of {@link Network#parameters}; they belong to the scope that is
     *     open on this thread
     * @throws IOException if the file is damaged, or lacks one
     */
    Map<String, Tensor> read() throws IOException;
  }

  /** Copies the notes. */
  public ForeignModel {
    notes = List.copyOf(notes);
  }

  /**
   * Returns a new network with the weights of the file; the caller closes it.
   *
   * @throws IOException if the file is damaged, or its tensors are not those of the network
   */
  public Network load() throws IOException {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> values = weights.read();
      try {
        return Network.of(network, values);
      } catch (IllegalArgumentException e) {
        throw new IOException("the weights do not fit the network: " + e.getMessage(), e);
      }
    }
  }
}
