package io.github.diffusion4j;

import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.evaluation.FeatureNet.Answers;
import io.github.diffusion4j.evaluation.Features;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Shows images to networks and keeps what they say, part by part: what is in the cache is not
 * computed again, and images are never in memory but for one batch.
 *
 * @param cache where features are kept
 * @param progress hears how many images are done
 */
public record FeatureExtraction(FeatureCache cache, Progress progress) {

  /**
   * Which parts a process works on, when several share the work.
   *
   * @param number of this process, from 1 on
   * @param of how many there are
   */
  public record Share(int number, int of) {
    /** All parts. */
    public static final Share ALL = new Share(1, 1);

    /** Refuses numbers that are not among them. */
    public Share {
      if (number < 1 || number > of) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "share %d of %d; allowed: 1…%2$d of 1 or more", number, of));
      }
    }

    boolean has(int part) {
      return part % of == number - 1;
    }
  }

  /** One part of a source. */
  private record Part(int index, int first, int count) {}

  /** A network, and the key of its features: that is a hash of all images, so it is made once. */
  private record Eye(FeatureNet net, String key) {}

  /**
   * Makes sure that the cache has what {@code nets} say of the images in {@code share}.
   *
   * @throws IllegalArgumentException if a network cannot see such images
   */
  public void complete(ImageSource source, List<FeatureNet> nets, Share share) throws IOException {
    List<Part> mine = parts(source).stream().filter(part -> share.has(part.index)).toList();
    long total = mine.stream().mapToLong(Part::count).sum();
    List<Eye> eyes = nets.stream().map(net -> new Eye(net, FeatureCache.key(source, net))).toList();
    long done = 0;
    for (Part part : mine) {
      List<Eye> missing =
          eyes.stream().filter(eye -> !cache.has(eye.key, part.first, part.count)).toList();
      if (!missing.isEmpty()) {
        extract(source, missing, part, done, total);
      }
      done += part.count;
    }
  }

  /**
   * Shows an empty image to a network, so that one that cannot see such images says so before the
   * first one is drawn.
   *
   * @return how many features with places it has, 0 if none
   * @throws IllegalArgumentException if it cannot see images of this shape
   */
  static int probe(FeatureNet net, ImageShape shape) {
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      Answers answers = net.of(Tensor.zeros(1, shape.channels(), shape.height(), shape.width()));
      return answers.spatial().map(spatial -> (int) spatial.size(1)).orElse(0);
    }
  }

  private void extract(ImageSource source, List<Eye> eyes, Part part, long done, long total)
      throws IOException {
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      List<List<Answers>> answers =
          eyes.stream().<List<Answers>>map(n -> new ArrayList<>()).toList();
      int atOnce = source.atOnce();
      for (int at = 0; at < part.count; at += atOnce) {
        int count = Math.min(atOnce, part.count - at);
        try (Scope batch = Scope.open()) {
          Tensor images = images(source, part.first + at, count);
          for (int n = 0; n < eyes.size(); n++) {
            answers.get(n).add(eyes.get(n).net.of(images).map(batch::keep));
          }
        }
        progress.at("features", done + at + count, OptionalLong.of(total));
      }
      for (int n = 0; n < eyes.size(); n++) {
        cache.write(
            eyes.get(n).key,
            part.first,
            part.count,
            Answers.joined(answers.get(n)),
            Map.of("net", eyes.get(n).net.name(), "images", source.description()));
      }
    }
  }

  /** Shows all images of {@code source} to {@code net} and keeps nothing on disk. */
  static ExtractedFeatures look(ImageSource source, FeatureNet net) throws IOException {
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      List<Answers> answers = new ArrayList<>();
      for (int first = 0; first < source.size(); first += source.atOnce()) {
        int count = Math.min(source.atOnce(), source.size() - first);
        try (Scope batch = Scope.open()) {
          answers.add(net.of(images(source, first, count)).map(batch::keep));
        }
      }
      return extracted(Answers.joined(answers), source, net);
    }
  }

  /** The whole numbers 0…255 as F32 [count, C, H, W]. */
  private static Tensor images(ImageSource source, int first, int count) throws IOException {
    ImageShape shape = source.shape();
    return Tensor.of(
            DType.U8,
            source.pixels(first, count),
            count,
            shape.channels(),
            shape.height(),
            shape.width())
        .to(DType.F32);
  }

  /**
   * Returns what {@code net} says of all images of {@code source}, after {@link #complete}.
   *
   * @throws IllegalArgumentException if a feature is not finite
   */
  public ExtractedFeatures read(ImageSource source, FeatureNet net) throws IOException {
    try (NoGrad off = NoGrad.open();
        Scope scope = Scope.open()) {
      String key = FeatureCache.key(source, net);
      List<Answers> parts = new ArrayList<>();
      for (Part part : parts(source)) {
        parts.add(cache.read(key, part.first, part.count));
      }
      return extracted(Answers.joined(parts), source, net);
    }
  }

  private static ExtractedFeatures extracted(Answers all, ImageSource source, FeatureNet net) {
    try {
      return new ExtractedFeatures(
          Features.of(all.features()),
          net.classes() > 0 ? Optional.of(Features.of(all.logits())) : Optional.empty(),
          all.spatial().map(Features::of));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s of %s: %s", net.name(), source.description(), e.getMessage()),
          e);
    }
  }

  /** Does something with the features of a part. */
  @FunctionalInterface
  public interface PartVisitor {
    /** Takes the features of images {@code first} and the following. */
    void visit(Features features, int first);
  }

  /** Shows the features of all images part by part, for sets that are too large for memory. */
  public void forEachPart(ImageSource source, FeatureNet net, PartVisitor visitor)
      throws IOException {
    String key = FeatureCache.key(source, net);
    for (Part part : parts(source)) {
      try (NoGrad off = NoGrad.open();
          Scope scope = Scope.open()) {
        visitor.visit(Features.of(cache.read(key, part.first, part.count).features()), part.first);
      }
    }
  }

  private static List<Part> parts(ImageSource source) {
    List<Part> parts = new ArrayList<>();
    for (int first = 0; first < source.size(); first += FeatureCache.PART) {
      int count = Math.min(FeatureCache.PART, source.size() - first);
      parts.add(new Part(parts.size(), first, count));
    }
    return parts;
  }
}
