package io.github.diffusion4j.cli;

import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.ModelOptions;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.data.DatasetDownload;
import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.torch.Engine;
import io.github.diffusion4j.training.RunDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where it is written down which engine is the faster one for a network on a machine: in the {@code
 * config.json} of a run of ours, or, for folders of others and those that cannot be written, in the
 * user's cache. A second measurement could come out differently, and with it the last digits of
 * images; so there is none.
 *
 * @param run the run that the model belongs to
 * @param cache the folder of the cache
 * @param key the name of the file in it
 * @param machine processor, threads and versions
 */
record EngineMemory(Optional<RunDirectory> run, Path cache, String key, String machine) {

  /** The memory for the model in {@code folder}. */
  static EngineMemory of(Path folder, ModelConfig network) {
    Path cache = DatasetDownload.defaultCache(System.getenv()).resolve("engines");
    return of(folder, network, cache, thisMachine());
  }

  static EngineMemory of(Path folder, ModelConfig network, Path cache, String machine) {
    String key = hash(ModelOptions.of(network) + "\n" + machine);
    return new EngineMemory(RunDirectory.ofCheckpoint(folder), cache, key, machine);
  }

  private Path cached() {
    return cache.resolve(key + ".txt");
  }

  private static String thisMachine() {
    return String.format(
        Locale.ROOT,
        "%s, %d threads, libtorch %s, diffusion4j %s",
        Processor.name(),
        Engine.threads(),
        Engine.version(),
        Version.own());
  }

  /** Returns the engine that was remembered. */
  Optional<InferenceEngine> recall() throws IOException {
    if (run.isPresent()) {
      Optional<String> word = run.get().engine(machine);
      if (word.isPresent()) {
        return word.flatMap(text -> Word.find(InferenceEngine.class, text));
      }
    }
    return Files.isRegularFile(cached()) ? read() : Optional.empty();
  }

  private Optional<InferenceEngine> read() throws IOException {
    List<String> lines = Files.readAllLines(cached());
    return lines.isEmpty() ? Optional.empty() : Word.find(InferenceEngine.class, lines.get(0));
  }

  /** Remembers an engine; returns the file, or nothing if none can be written. */
  Optional<Path> remember(InferenceEngine engine) {
    if (run.isPresent()) {
      try {
        run.get().writeEngine(machine, Word.of(engine));
        return Optional.of(run.get().configFile());
      } catch (IOException e) {
        // The run is another user's, or on a disk that cannot be written.
      }
    }
    try {
      AtomicFile.write(cached(), Word.of(engine) + "\n" + machine + "\n");
      return Optional.of(cached());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
