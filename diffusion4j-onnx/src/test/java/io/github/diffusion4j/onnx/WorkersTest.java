package io.github.diffusion4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import io.github.diffusion4j.onnx.Workers.Part;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkersTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "2, 2, 2",
    "3, 2, 2",
    "16, 2, 2",
    "64, 2, 4",
    "64, 1, 4",
    "100, 2, 6",
    "17, 16, 16"
  })
  void parts_ofABatch_areAsManyForEachThread(int images, int threads, int count) {
    List<Part> parts = Workers.parts(images, threads);

    assertThat(parts).hasSize(count);
    assertThat(parts.stream().flatMapToInt(p -> IntStream.range(p.first(), p.first() + p.count())))
        .containsExactly(IntStream.range(0, images).boxed().toArray(Integer[]::new));
    IntStream sizes = parts.stream().mapToInt(Part::count);
    assertThat(sizes).allMatch(size -> size == images / count || size == images / count + 1);
  }

  @Test
  void share_taskOfEachPart_givesResultsInTheOrderOfImages() throws OrtException {
    try (Workers workers = new Workers(3)) {
      assertThat(workers.share(200, Part::first))
          .isSorted()
          .hasSize(Workers.parts(200, 3).size())
          .startsWith(0);
    }
  }

  @Test
  void share_runtimeFailsAtAPart_throwsWhatItThrew() {
    OrtException failure = new OrtException("no");
    try (Workers workers = new Workers(2)) {
      assertThatThrownBy(
              () ->
                  workers.share(
                      4,
                      part -> {
                        throw failure;
                      }))
          .isSameAs(failure);
    }
  }
}
