package io.github.diffusion4j.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of a run: {@code checkpoints/step-00001000} and so on, each a complete model, for
 * diffusion models a pipeline of diffusers, with the {@link TrainingState} and the {@link
 * ModelCard} beside it, and the file {@code checkpoints/latest} with the name of the newest.
 *
 * <p>Where checkpoints are measured, the file {@code checkpoints/best} names the best; it is never
 * pruned.
 *
 * <p>A checkpoint is seen complete or not at all, whenever the process is killed.
 *
 * @param folder the folder {@code checkpoints} of the run
 */
public record Checkpoints(Path folder) {
  private static final String FOLDER = "checkpoints";
  private static final String LATEST = "latest";
  private static final String BEST = "best";
  private static final String PREFIX = "step-";
  private static final int LONGEST_NAME = 100;
  private static final Pattern NAME = Pattern.compile(PREFIX + "\\d{8,18}");

  /** Returns the checkpoints of a run directory, which need not exist yet. */
  public static Checkpoints of(Path runDirectory) {
    return new Checkpoints(runDirectory.resolve(FOLDER));
  }

  /** Writes what belongs into a folder. */
  @FunctionalInterface
  public interface Contents {
    /** Writes into {@code folder}, which exists. */
    void write(Path folder) throws IOException;
  }

  /**
   * Writes a checkpoint and then makes it the latest.
   *
   * @param model writes the model that images are sampled with
   * @param parameters numbers that it has learned
   * @param state what training needs to go on
   * @return its folder
   */
  public Path write(Contents model, long parameters, TrainingState state) throws IOException {
    String name = name(state.progress().step());
    Path target = folder.resolve(name);
    AtomicFolder.write(
        target,
        inside -> {
          model.write(inside);
          state.write(inside);
          ModelCard.of(state, parameters, List.of()).write(inside);
        });
    AtomicFolder.writeFile(folder.resolve(LATEST), name + "\n");
    return target;
  }

  /**
   * Returns the newest complete checkpoint: the one that {@code latest} names, or, where that does
   * not exist, the one with the most steps.
   */
  public Optional<Path> latest() throws IOException {
    Optional<Path> named = named(LATEST);
    if (named.isPresent()) {
      return named;
    }
    List<Path> all = list();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /** Returns the checkpoint that {@link #markBest} named last, if it is there. */
  public Optional<Path> best() throws IOException {
    return named(BEST);
  }

  /** Makes the checkpoint of a step, which has one, the best. */
  public void markBest(long step) throws IOException {
    AtomicFolder.writeFile(folder.resolve(BEST), name(step) + "\n");
  }

  /** Returns the checkpoint of a step, if it has one. */
  public Optional<Path> at(long step) {
    return Optional.of(folder.resolve(name(step))).filter(Files::isDirectory);
  }

  /** Returns the newest checkpoint with fewer than {@code step} steps. */
  public Optional<Path> before(long step) throws IOException {
    return list().stream().filter(one -> step(one) < step).reduce((older, newer) -> newer);
  }

  /** Removes the checkpoints of {@code step} and later; the newest that stays is the latest. */
  public void forgetFrom(long step) throws IOException {
    Optional<Path> newest = before(step);
    if (newest.isPresent()) {
      AtomicFolder.writeFile(folder.resolve(LATEST), name(step(newest.get())) + "\n");
    } else {
      Files.deleteIfExists(folder.resolve(LATEST));
    }
    for (Path checkpoint : list()) {
      if (step(checkpoint) >= step) {
        AtomicFolder.remove(checkpoint);
      }
    }
  }

  private Optional<Path> named(String pointer) throws IOException {
    Path file = folder.resolve(pointer);
    if (Files.isRegularFile(file) && Files.size(file) < LONGEST_NAME) {
      String name = Files.readString(file).strip();
      if (NAME.matcher(name).matches() && Files.isDirectory(folder.resolve(name))) {
        return Optional.of(folder.resolve(name));
      }
    }
    return Optional.empty();
  }

  private static String name(long step) {
    return PREFIX + String.format(Locale.ROOT, "%08d", step);
  }

  /** Returns the folders of all complete checkpoints, fewest steps first. */
  public List<Path> list() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> NAME.matcher(child.getFileName().toString()).matches())
          .filter(Files::isDirectory)
          .sorted(Comparator.comparingLong(Checkpoints::step))
          .toList();
    }
  }

  /** Removes all but the {@code keep} newest checkpoints; the latest and the best always stay. */
  public void prune(int keep) throws IOException {
    List<Path> all = list();
    Optional<Path> latest = latest();
    Optional<Path> best = best();
    for (Path checkpoint : all.subList(0, Math.max(0, all.size() - keep))) {
      Optional<Path> one = Optional.of(checkpoint);
      if (!latest.equals(one) && !best.equals(one)) {
        AtomicFolder.remove(checkpoint);
      }
    }
  }

  /** Returns the number of steps in the name of a checkpoint. */
  public static long step(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().substring(PREFIX.length()));
  }
}
