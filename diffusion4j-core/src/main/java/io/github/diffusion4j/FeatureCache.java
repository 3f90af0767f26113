package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Features on disk, in parts of {@value #PART} images, under a key of what the images and the
 * network are. A part is seen complete or not at all, whenever the process is killed, and several
 * processes may fill one cache.
 *
 * @param folder where the parts lie, made when the first is written
 */
public record FeatureCache(Path folder) {
  /** Images of a part. */
  public static final int PART = 1000;

  private static final int KEY_DIGITS = 32;
  private static final String DRAFT = ".part";
  private static final String FEATURES = "features";
  private static final String LOGITS = "logits";
  private static final String SPATIAL = "spatial";

  /** Returns the key of the features that {@code net} gives images of {@code source}. */
  static String key(ImageSource source, FeatureNet net) {
    String text = net.fingerprint() + "\n" + source.fingerprint() + "\n" + source.shape();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, KEY_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  boolean has(String key, int first, int count) {
    return Files.isRegularFile(file(key, first, count));
  }

  /** Reads a part; its tensors belong to the scope that is open on this thread. */
  FeatureNet.Answers read(String key, int first, int count) throws IOException {
    Path file = file(key, first, count);
    Map<String, Tensor> tensors = Safetensors.read(file);
    if (!tensors.containsKey(FEATURES)
        || !tensors.containsKey(LOGITS)
        || tensors.values().stream().anyMatch(tensor -> tensor.size(0) != count)) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s holds %s; it is no part of a cache of features, remove it",
              file,
              tensors.values()));
    }
    return new FeatureNet.Answers(
        Objects.requireNonNull(tensors.get(FEATURES)),
        Objects.requireNonNull(tensors.get(LOGITS)),
        Optional.ofNullable(tensors.get(SPATIAL)));
  }

  /** Writes a part; {@code about} says in words what it is. */
  void write(
      String key, int first, int count, FeatureNet.Answers answers, Map<String, String> about)
      throws IOException {
    Path target = file(key, first, count);
    Path parent = Objects.requireNonNull(target.getParent());
    Files.createDirectories(parent);
    removeOldDrafts(parent);
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put(FEATURES, answers.features());
      tensors.put(LOGITS, answers.logits());
      answers.spatial().ifPresent(spatial -> tensors.put(SPATIAL, spatial));
      AtomicFile.writeShared(target, DRAFT, channel -> Safetensors.write(channel, tensors, about));
    }
  }

  /** What killed processes left; drafts of today may be of one that is at work. */
  private static void removeOldDrafts(Path parent) throws IOException {
    FileTime yesterday = FileTime.from(Instant.now().minus(1, ChronoUnit.DAYS));
    try (DirectoryStream<Path> drafts = Files.newDirectoryStream(parent, ".*" + DRAFT)) {
      for (Path draft : drafts) {
        if (Files.getLastModifiedTime(draft).compareTo(yesterday) < 0) {
          Files.deleteIfExists(draft);
        }
      }
    }
  }

  private Path file(String key, int first, int count) {
    return folder
        .resolve(key)
        .resolve(String.format(Locale.ROOT, "%08d-%08d.safetensors", first, first + count));
  }
}
