package io.github.diffusion4j;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.FileEnding;
import io.github.diffusion4j.data.NpyFile;
import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.image.Png;
import io.github.diffusion4j.image.ScatterPlot;
import io.github.diffusion4j.torch.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringJoiner;

/** A file for drawn points: a table, an array or a picture, by the name's ending. */
public final class SavedPoints {
  private final Path target;
  private final Form form;

  private enum Form {
    TABLE,
    ARRAY,
    PICTURE
  }

  private SavedPoints(Path target, Form form) {
    this.target = target;
    this.form = form;
  }

  /**
   * Returns the file called {@code target}.
   *
   * @throws UserException if the name has another ending
   */
  public static SavedPoints to(Path target) {
    if (FileEnding.is(target, ".csv")) {
      return new SavedPoints(target, Form.TABLE);
    } else if (FileEnding.is(target, ".npy")) {
      return new SavedPoints(target, Form.ARRAY);
    } else if (FileEnding.is(target, ".png")) {
      return new SavedPoints(target, Form.PICTURE);
    }
    throw new UserException(
        String.format(
            Locale.ROOT,
            "--out is %s; allowed for points: a name ending in .csv, .npy or .png",
            target));
  }

  /** Writes points [N, 1] or [N, 2]. */
  public void write(Tensor points) throws IOException {
    switch (form) {
      case TABLE -> AtomicFile.write(target, table(points));
      case ARRAY ->
          NpyFile.write(target, points.toFloats(), (int) points.size(0), (int) points.size(1));
      case PICTURE -> Png.write(picture(points), target);
    }
  }

  private static String table(Tensor points) {
    int dimensions = (int) points.size(1);
    float[] values = points.toFloats();
    StringBuilder table = new StringBuilder(dimensions == 1 ? "x\n" : "x,y\n");
    for (int i = 0; i < values.length; i += dimensions) {
      StringJoiner line = new StringJoiner(",", "", "\n");
      for (int d = 0; d < dimensions; d++) {
        line.add(Float.toString(values[i + d]));
      }
      table.append(line);
    }
    return table.toString();
  }

  /** Draws points [N, 2]; points [N, 1] are spread over the height in their order. */
  static BufferedImage picture(Tensor points) {
    float[] values = points.toFloats();
    if (points.size(1) == 2) {
      return ScatterPlot.DEFAULT.draw(values);
    }
    float[] spread = new float[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      spread[2 * i] = values[i];
      spread[2 * i + 1] = (2 * i + 1f) / values.length - 1;
    }
    return ScatterPlot.DEFAULT.draw(spread);
  }
}
