package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the model that a person means by a path. */
public final class ModelSource {
  private static final int SHOWN = 5;
  private static final String ALLOWED =
      "allowed: a checkpoint, a run directory, or a folder of Hugging Face diffusers";

  private ModelSource() {}

  /**
   * Returns the pipeline folder behind {@code path}: a checkpoint, the latest checkpoint of a run
   * directory or of its folder {@code checkpoints}, the one that {@code checkpoints/best} names, or
   * any diffusers folder.
   *
   * @throws UserException if there is no model; the message says what is there instead
   */
  public static Path resolve(Path path) throws IOException {
    if (Files.notExists(path)) {
      throw new UserException(
          String.format(Locale.ROOT, "model %s does not exist; %s", path, ALLOWED));
    }
    if (path.endsWith("best") && Files.isRegularFile(path)) {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Optional<Path> best = new Checkpoints(folder).best();
        if (best.isPresent()) {
          return best.get();
        }
      }
    }
    if (!Files.isDirectory(path)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "model %s is a file; %s; convert --from makes a folder of a file",
              path,
              ALLOWED));
    }
    for (Checkpoints checkpoints :
        new Checkpoints[] {Checkpoints.of(path), new Checkpoints(path)}) {
      Optional<Path> latest = checkpoints.latest();
      if (latest.isPresent()) {
        return latest.get();
      }
    }
    if (Files.isDirectory(Checkpoints.of(path).folder())) {
      throw new UserException(
          String.format(Locale.ROOT, "the run directory %s has no complete checkpoint yet", path));
    }
    if (isPipeline(path)) {
      return path;
    }
    throw new UserException(
        String.format(Locale.ROOT, "%s is no model: it holds %s; %s", path, list(path), ALLOWED));
  }

  private static boolean isPipeline(Path folder) throws IOException {
    if (Files.exists(folder.resolve(DiffusersPipeline.INDEX))) {
      return true;
    }
    for (String network :
        List.of(DiffusersPipeline.NETWORK_FOLDER, DiffusersPipeline.AVERAGED_FOLDER)) {
      if (Files.exists(folder.resolve(network).resolve(DiffusersPipeline.NETWORK_OPTIONS))) {
        return true;
      }
    }
    Path options = folder.resolve(DiffusersPipeline.NETWORK_OPTIONS);
    return Files.exists(options) && OptionFile.read(options).has("_class_name");
  }

  private static String list(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      List<String> names =
          children
              .map(child -> child.getFileName() + (Files.isDirectory(child) ? "/" : ""))
              .sorted()
              .toList();
      if (names.isEmpty()) {
        return "nothing";
      }
      String first = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
      return names.size() > SHOWN ? first + ", …" : first;
    }
  }
}
