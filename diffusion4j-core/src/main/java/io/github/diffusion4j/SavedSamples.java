package io.github.diffusion4j;

import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.FileEnding;
import io.github.diffusion4j.data.NpyFile;
import io.github.diffusion4j.image.ImageGrid;
import io.github.diffusion4j.image.PlanarImages;
import io.github.diffusion4j.image.Png;
import io.github.diffusion4j.torch.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A place for drawn images: a grid, an array, or a directory of pictures, by the name's ending. */
public final class SavedSamples {
  private static final int SMALL = 64;
  private static final Pattern PICTURE = Pattern.compile("\\d{6,}\\.png");

  private final Path target;
  private final Form form;

  private enum Form {
    GRID,
    ARRAY,
    PICTURES
  }

  private SavedSamples(Path target, Form form) {
    this.target = target;
    this.form = form;
  }

  /**
   * Returns the place called {@code target}.
   *
   * @throws UserException if the name has another ending, or is in use
   */
  public static SavedSamples to(Path target) {
    String name = target.getFileName() == null ? "" : target.getFileName().toString();
    if (Files.isDirectory(target.toAbsolutePath())) {
      return new SavedSamples(target, Form.PICTURES);
    } else if (FileEnding.is(name, ".png")) {
      return new SavedSamples(target, Form.GRID);
    } else if (FileEnding.is(name, ".npy")) {
      return new SavedSamples(target, Form.ARRAY);
    } else if (name.contains(".")) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--out is %s; allowed: a name ending in .png or .npy, or a directory",
              target));
    }
    return new SavedSamples(target, Form.PICTURES);
  }

  /** Returns whether the samples become one picture each, in a directory. */
  public boolean isFolder() {
    return form == Form.PICTURES;
  }

  /**
   * Returns the pictures in a directory that {@link #write} wrote earlier, and would replace; none
   * for a grid or an array.
   */
  public List<Path> earlier() throws IOException {
    if (form != Form.PICTURES || !Files.isDirectory(target)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(target)) {
      return children
          .filter(file -> PICTURE.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  /**
   * Writes images [N, C, H, W] in [−1, 1]. The pictures of an earlier sample in the same directory
   * are removed first, so that those that are there afterwards belong together.
   */
  public void write(Tensor images) throws IOException {
    write(images, Map.of());
  }

  /**
   * As the other, with notes in every PNG file.
   *
   * @param notes keyword to text, as for {@link Png#write(BufferedImage, Path, Map)}; the pictures
   *     of a directory also get their number, as "image"
   */
  public void write(Tensor images, Map<String, String> notes) throws IOException {
    PlanarImages pixels = Run.planar(images);
    switch (form) {
      case GRID -> {
        int columns = (int) Math.ceil(Math.sqrt(pixels.count()));
        Png.write(grid(columns, pixels).draw(pixels), target, notes);
      }
      case ARRAY ->
          NpyFile.write(
              target,
              pixels.bytes(),
              pixels.count(),
              pixels.channels(),
              pixels.height(),
              pixels.width());
      case PICTURES -> writePictures(pixels, notes);
    }
  }

  private void writePictures(PlanarImages pixels, Map<String, String> notes) throws IOException {
    Files.createDirectories(target);
    for (Path picture : earlier()) {
      Files.delete(picture);
    }
    int size = pixels.bytes().length / pixels.count();
    for (int i = 0; i < pixels.count(); i++) {
      byte[] one = Arrays.copyOfRange(pixels.bytes(), i * size, (i + 1) * size);
      PlanarImages image =
          new PlanarImages(one, 1, pixels.channels(), pixels.height(), pixels.width());
      Png.write(
          ImageGrid.ofColumns(1).withPadding(0).draw(image),
          target.resolve(String.format(Locale.ROOT, "%06d.png", i)),
          numbered(notes, i));
    }
  }

  private static Map<String, String> numbered(Map<String, String> notes, int number) {
    if (notes.isEmpty()) {
      return notes;
    }
    Map<String, String> all = new LinkedHashMap<>(notes);
    all.put("image", Integer.toString(number));
    return all;
  }

  private static ImageGrid grid(int columns, PlanarImages pixels) {
    return ImageGrid.ofColumns(columns).withScale(pixels.width() <= SMALL ? 2 : 1);
  }
}
