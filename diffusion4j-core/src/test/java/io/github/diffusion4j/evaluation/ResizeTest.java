package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class ResizeTest {
  /** Gray levels; the libraries compute in 32 bits, and Pillow rounds after each direction. */
  private static final double CLOSE = 1e-3;

  @ParameterizedTest
  @EnumSource
  void apply_constantImage_staysConstant(Resize resize) {
    try (Scope scope = Scope.open()) {
      Tensor result = resize.apply(Tensor.full(77, 2, 3, 12, 9), 31, 5);

      assertThat(result.shape()).containsExactly(2, 3, 31, 5);
      assertThat(result.minus(77).abs().toDoubles())
          .usingComparatorWithPrecision(1e-4)
          .containsOnly(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void apply_sameSize_changesNothing(Resize resize) {
    try (Scope scope = Scope.open()) {
      Tensor image = GoldenFeatures.pictures(1, 3, 6, 8);

      assertThat(resize.apply(image, 6, 8).toFloats()).isEqualTo(image.toFloats());
      assertThat(resize.change(image, 6, 8).minus(image).abs().toDoubles())
          .usingComparatorWithPrecision(1e-4)
          .containsOnly(0);
    }
  }

  @Test
  void tf1_twoByTwo_doublesFromTheFirstPixelOn() {
    try (Scope scope = Scope.open()) {
      Tensor image = Tensor.of(new float[] {10, 20, 30, 40}, 1, 1, 2, 2);

      assertThat(Resize.TF1_BILINEAR.apply(image, 4, 4).toFloats())
          .containsExactly(10, 15, 20, 20, 20, 25, 30, 30, 30, 35, 40, 40, 30, 35, 40, 40);
    }
  }

  @Test
  void bilinear_twoPixels_meetsTheirCenters() {
    try (Scope scope = Scope.open()) {
      Tensor image = Tensor.of(new float[] {0, 100}, 1, 1, 1, 2);

      assertThat(Resize.BILINEAR.apply(image, 1, 4).toFloats()).containsExactly(0, 25, 75, 100);
    }
  }

  @Test
  void pillow_smallerImage_seesEveryPixel() {
    try (Scope scope = Scope.open()) {
      float[] dot = new float[64];
      dot[27] = 64;

      Tensor image = Tensor.of(dot, 1, 1, 8, 8);

      assertThat(Resize.PIL_BICUBIC.apply(image, 2, 2).sum().item()).isGreaterThan(1);
      assertThat(Resize.BILINEAR.apply(image, 2, 2).sum().item()).isZero();
    }
  }

  @Test
  void pillow_edge_isCutAtBlackAndWhite() {
    try (Scope scope = Scope.open()) {
      Tensor image = Tensor.of(new float[] {0, 0, 255, 255}, 1, 1, 1, 4);

      double[] levels = Resize.PIL_BICUBIC.apply(image, 1, 16).toDoubles();

      assertThat(levels).contains(0, 255);
      assertThat(Arrays.stream(levels).boxed()).allMatch(level -> level >= 0 && level <= 255);
    }
  }

  @Test
  void apply_pictures_areThoseOfTheLibraries() throws IOException {
    int cases = 0;
    for (JsonNode golden : GoldenFeatures.read("resize.json")) {
      assertPicture(golden);
      cases++;
    }
    assertThat(cases).isEqualTo(12);
  }

  private static void assertPicture(JsonNode golden) {
    try (Scope scope = Scope.open()) {
      Resize resize = Resize.valueOf(golden.get("resize").stringValue());
      int every = golden.has("every") ? golden.get("every").intValue() : 1;
      int channels = golden.has("every") ? 3 : 1;
      int height = golden.get("from").get(0).intValue();
      int width = golden.get("from").get(1).intValue();
      double[] values =
          resize
              .apply(
                  GoldenFeatures.pictures(1, channels, height, width),
                  golden.get("to").get(0).intValue(),
                  golden.get("to").get(1).intValue())
              .toDoubles();
      for (int i = 0; i < golden.get("values").size(); i++) {
        assertThat(values[i * every])
            .as("%s %s number %d", resize, golden.get("from"), i * every)
            .isCloseTo(golden.get("values").get(i).doubleValue(), within(CLOSE));
      }
    }
  }
}
