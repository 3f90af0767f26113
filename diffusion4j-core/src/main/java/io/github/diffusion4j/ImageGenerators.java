package io.github.diffusion4j;

import io.github.diffusion4j.baseline.Baseline;
import io.github.diffusion4j.checkpoint.BaselineFolder;
import io.github.diffusion4j.checkpoint.ModelCard;
import io.github.diffusion4j.checkpoint.ModelSource;
import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens whatever draws images from the folder that it lies in. */
public final class ImageGenerators {
  private ImageGenerators() {}

  /**
   * Opens a checkpoint, a run directory (its latest checkpoint) or a diffusers folder, of a
   * diffusion model or of another family.
   *
   * @param options how a diffusion model draws
   * @throws UserException if the folder holds no model of images, or it cannot draw so
   */
  public static ImageGenerator open(Path folder, DrawingOptions options) throws IOException {
    Path resolved = ModelSource.resolve(folder);
    Optional<String> family = BaselineFolder.family(resolved);
    if (family.isPresent()) {
      BaselineGenerator.requireNone(options.choice(), family.get());
      return new BaselineGenerator(Baseline.open(resolved));
    }
    DiffusionModel model = DiffusionModel.open(resolved);
    try {
      DiffusionGenerator.requireImages(model);
      model = options.engine().select(model, resolved);
      return new DiffusionGenerator(model, options.choice(), options.label());
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * Returns the SHA-256 over all that the model in a folder draws with: every file but its page,
   * its training state and hidden ones. Samples may be kept under this key.
   *
   * @return 64 hexadecimal digits
   */
  public static String fingerprint(Path folder) throws IOException {
    Path resolved = ModelSource.resolve(folder).toRealPath();
    MessageDigest digest = sha256();
    for (Path file : files(resolved)) {
      String name = resolved.relativize(file).toString().replace('\\', '/');
      if (name.startsWith(".")
          || name.equals(ModelCard.FILE)
          || name.startsWith("training_state.")) {
        continue;
      }
      digest.update((name + "\n" + Files.size(file) + "\n").getBytes(StandardCharsets.UTF_8));
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Links are followed: hubs keep weights in one place and link to them from the models. */
  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
