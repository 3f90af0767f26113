package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A network that turns images into features, with all that its protocol does to them before: their
 * size, their channels, the range of their values. Features of different networks, or of one
 * network under different protocols, cannot be compared.
 */
public interface FeatureNet extends AutoCloseable {
  /** Returns the name of network and protocol: {@code digits}, {@code inception-pytorch}, … */
  String name();

  /**
   * Returns what a Fréchet distance of these features is called: {@code FID (protocol)} for the
   * Inception network with the published weights under a protocol that publications use, {@code
   * FD-name} for everything else.
   */
  default String distanceName() {
    return "FD-" + name();
  }

  /** Returns what to know of this network before numbers are believed. */
  default Optional<String> warning() {
    return Optional.empty();
  }

  /**
   * Returns the SHA-256 over weights and protocol, 64 hexadecimal digits: features may be kept
   * under this key.
   */
  String fingerprint();

  /** Returns D, the number of features of an image. */
  int dimension();

  /** Returns K, the number of classes, 0 if the network names none. */
  int classes();

  /**
   * Looks at images. An image's answers depend on the other images of the call by no more than
   * rounding; large calls are cut into small ones inside.
   *
   * @param images [N, C, H, W] F32 with the whole numbers 0…255 of an 8-bit file
   * @return answers that belong to the scope that is open on this thread
   * @throws IllegalArgumentException if the network cannot see images of this shape
   */
  Answers of(Tensor images);

  /** Frees the network. */
  @Override
  void close();

  /**
   * What a network says of N images.
   *
   * @param features F32 [N, D]
   * @param logits F32 [N, K]; their softmax is the probability of each class
   * @param spatial F32 [N, 2023], features that still know where in the image they are, of networks
   *     that have them; their Fréchet distance is sFID
   */
  record Answers(Tensor features, Tensor logits, Optional<Tensor> spatial) {

    /** Returns the answers with each of their tensors changed. */
    public Answers map(UnaryOperator<Tensor> change) {
      return new Answers(change.apply(features), change.apply(logits), spatial.map(change));
    }

    /**
     * Returns the answers of several calls of one network one after the other, new in the open
     * scope.
     *
     * @param parts at least one
     */
    public static Answers joined(List<Answers> parts) {
      return new Answers(
          Tensor.cat(parts.stream().map(Answers::features).toList(), 0),
          Tensor.cat(parts.stream().map(Answers::logits).toList(), 0),
          parts.get(0).spatial().isEmpty()
              ? Optional.empty()
              : Optional.of(
                  Tensor.cat(parts.stream().flatMap(part -> part.spatial().stream()).toList(), 0)));
    }
  }
}
