package io.github.diffusion4j.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What {@link EngineCheck} found on a machine, kept in a file: a line with the setting, a line with
 * the finding, then the description of the machine, which must be that of this one. A file that
 * cannot be read, or says anything else, counts as none; one that cannot be written is not missed.
 */
final class VerdictFile {
  private static final int DIGITS = 16;

  private final Path file;
  private final String machine;

  /**
   * Names the file of a machine.
   *
   * @param machine everything that the verdict depends on
   */
  VerdictFile(Path folder, String machine) {
    this.file = folder.resolve("engine-" + digest(machine) + ".txt");
    this.machine = machine;
  }

  /** Returns what an earlier process found here. */
  Optional<Verdict> read() {
    try {
      String[] parts = Files.readString(file).split("\n", 3);
      if (parts.length == 3 && parts[2].equals(machine)) {
        return Optional.of(new Verdict(EngineSetting.valueOf(parts[0]), parts[1]));
      }
    } catch (IOException | IllegalArgumentException e) {
      // no verdict, or one that was damaged: the check is run again
    }
    return Optional.empty();
  }

  /** Keeps a verdict for later processes. */
  void write(Verdict verdict) {
    try {
      Files.createDirectories(file.getParent());
      Path part = Files.createTempFile(file.getParent(), "engine-", ".part");
      try {
        Files.writeString(part, verdict.setting() + "\n" + verdict.finding() + "\n" + machine);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      // the next process runs the check again
    }
  }

  private static String digest(String text) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sum).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }

  /**
   * How to compute on a machine.
   *
   * @param finding one line that says why, if it is not the ordinary setting; otherwise empty
   */
  record Verdict(EngineSetting setting, String finding) {}
}
