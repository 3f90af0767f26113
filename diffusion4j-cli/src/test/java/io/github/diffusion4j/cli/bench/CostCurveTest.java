package io.github.diffusion4j.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.cli.bench.CostCurve.Point;
import io.github.diffusion4j.cli.bench.CostSweep.Axis;
import java.awt.image.BufferedImage;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CostCurveTest {
  private static final CostCurve CURVE =
      new CostCurve(
          "size",
          List.of(
              new Point(8, 1_000_000_000, 10, 30),
              new Point(16, 2_000_000_000, 5, 18),
              new Point(32, 4_000_000_000L, 1, 9)));

  @Test
  void rates_countThreeForwardPassesPerTrainingStep() {
    assertThat(CURVE.points().get(0).trainingRate()).isCloseTo(30, offset());
    assertThat(CURVE.points().get(0).forwardRate()).isCloseTo(30, offset());
  }

  @Test
  void largestFall_isOfOperations_notOfImages() {
    assertThat(CURVE.largestFall(Point::trainingRate)).isCloseTo(0.6, offset());
    assertThat(CURVE.largestFall(Point::forwardRate)).isZero();
  }

  @Test
  void picture_ofFourCurves_hasTwoRows() {
    BufferedImage picture = CostPicture.draw(List.of(CURVE, CURVE, CURVE, CURVE));

    assertThat(picture.getHeight()).isGreaterThan(picture.getWidth() / 2);
  }

  @ParameterizedTest
  @EnumSource(Axis.class)
  void axis_valuesGrow_andEachIsARecipe(Axis axis) {
    assertThat(axis.values(16)).isSorted().doesNotHaveDuplicates();
    axis.values(16).forEach(value -> Recipe.SMALL28.config(axis.changes(value)));
  }

  private static Offset<Double> offset() {
    return Offset.offset(1e-12);
  }
}
