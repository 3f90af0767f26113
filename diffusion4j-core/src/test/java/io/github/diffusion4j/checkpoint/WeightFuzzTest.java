package io.github.diffusion4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The beginning of what {@link WeightFuzz} does; more is for {@code tools/fuzz-weights}. */
class WeightFuzzTest {
  private static final int FOLDERS = 250;

  @TempDir Path scratch;

  @Test
  void read_damagedFolder_isReadOrRefusedAsDocumented() throws IOException {
    FuzzMutation mutation = new FuzzMutation(FuzzCorpus.make(scratch), 7);
    Set<String> accepted = new HashSet<>();
    Set<String> refused = new HashSet<>();
    for (int number = 0; number < FOLDERS; number++) {
      FuzzCase damaged = mutation.make(number);
      boolean read = FuzzTarget.read(written(damaged, number)).accepted();
      (read ? accepted : refused).add(damaged.corpus());
    }

    assertThat(refused).contains("safetensors", "shards", "zip", "legacy", "options");
    assertThat(accepted).contains("safetensors", "shards", "zip", "legacy", "options");
  }

  @Test
  void read_undamagedFolder_isReadUnlessItIsEvil() throws IOException {
    int number = 0;
    for (FuzzCase whole : FuzzCorpus.make(scratch)) {
      assertThat(FuzzTarget.read(written(whole, number++)).accepted())
          .as(whole.corpus() + whole.files().keySet())
          .isEqualTo(whole.files().values().stream().noneMatch(WeightFuzzTest::isEvil));
    }
  }

  @Test
  void make_sameNumber_isTheSame() throws IOException {
    FuzzMutation one = new FuzzMutation(FuzzCorpus.make(scratch), 3);
    FuzzMutation other = new FuzzMutation(FuzzCorpus.make(scratch), 3);
    for (long number : List.of(5L, 0L, 99L, 1000L)) {
      FuzzCase first = one.make(number);
      FuzzCase second = other.make(number);
      assertThat(second.files().keySet()).containsExactlyElementsOf(first.files().keySet());
      first.files().forEach((name, bytes) -> assertThat(second.files()).containsEntry(name, bytes));
    }
  }

  private static boolean isEvil(byte[] content) {
    return new String(content, StandardCharsets.ISO_8859_1).contains("system");
  }

  private Path written(FuzzCase folder, int number) throws IOException {
    Path path = Files.createDirectory(scratch.resolve("folder-" + number));
    for (Map.Entry<String, byte[]> file : folder.files().entrySet()) {
      Files.write(path.resolve(file.getKey()), file.getValue());
    }
    return path;
  }
}
