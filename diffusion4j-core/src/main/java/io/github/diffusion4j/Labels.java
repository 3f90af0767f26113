package io.github.diffusion4j;

import io.github.diffusion4j.config.ClassEmbeddingKind;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;

/** The labels of the images that a request asks for, as the network takes them. */
final class Labels {
  private Labels() {}

  /**
   * Returns I64 [N]: the label asked for, or all classes in turn; empty for an unconditional
   * network.
   *
   * @throws UserException if there is no such class, or a label is needed or cannot be given
   */
  static Optional<Tensor> of(ModelConfig config, SampleRequest request) {
    Optional<ClassEmbeddingKind> kind = kind(config);
    if (kind.isEmpty()) {
      refuse(request.label());
      return Optional.empty();
    }
    UNetConfig unet = (UNetConfig) config;
    return switch (kind.get()) {
      case TABLE -> Optional.of(ofClasses(request, unet.classes().orElseThrow()));
      case TIMESTEP -> Optional.of(ofNumbers(request, unet));
      case IDENTITY ->
          throw new UserException(
              String.format(
                  Locale.ROOT,
                  "the model takes vectors of %d numbers as labels, which cannot be asked for here; allowed: DiffusionModel.denoiser with vectors of your own",
                  unet.timeWidth()));
    };
  }

  /**
   * Refuses networks whose labels are not classes: no data have others.
   *
   * @throws UserException if there are labels, but no number of classes, or vectors as labels
   */
  static void requireClasses(ModelConfig config) {
    for (ClassEmbeddingKind kind : kind(config).stream().toList()) {
      if (kind == ClassEmbeddingKind.IDENTITY || config.classes().isEmpty()) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "model.classEmbedding is %s, and data have no such labels; allowed: table, or timestep with model.classes",
                Word.of(kind)));
      }
    }
  }

  private static Optional<ClassEmbeddingKind> kind(ModelConfig config) {
    return config instanceof UNetConfig unet ? unet.labels() : Optional.empty();
  }

  private static void refuse(Optional<Integer> label) {
    if (label.isPresent()) {
      throw new UserException(
          String.format(
              Locale.ROOT, "label is %d; this model is unconditional and takes none", label.get()));
    }
  }

  private static Tensor ofClasses(SampleRequest request, int classes) {
    int label = request.label().orElse(0);
    if (label < 0 || label >= classes) {
      throw new UserException(
          String.format(Locale.ROOT, "label is %d; allowed: 0…%d", label, classes - 1));
    }
    return tensor(
        LongStream.range(request.first(), request.first() + request.count())
            .map(sample -> request.label().isPresent() ? label : sample % classes));
  }

  /** Labels that are embedded as the time is: any number that can be a time. */
  private static Tensor ofNumbers(SampleRequest request, UNetConfig config) {
    if (request.label().isEmpty() && config.classes().isPresent()) {
      return ofClasses(request, config.classes().get());
    }
    TimeFeatures features = config.layers().timeEmbedding().kind();
    int label =
        request
            .label()
            .orElseThrow(
                () ->
                    new UserException(
                        "label is missing; allowed: a whole number, which the model embeds as it does time"));
    if (features instanceof TimeFeatures.Learned learned
        && (label < 0 || label >= learned.steps())) {
      throw new UserException(
          String.format(Locale.ROOT, "label is %d; allowed: 0…%d", label, learned.steps() - 1));
    }
    if (features instanceof TimeFeatures.Fourier && label < 1) {
      throw new UserException(String.format(Locale.ROOT, "label is %d; allowed: 1 or more", label));
    }
    return tensor(LongStream.generate(() -> label).limit(request.count()));
  }

  private static Tensor tensor(LongStream labels) {
    long[] values = labels.toArray();
    return Tensor.of(values, values.length);
  }
}
