package io.github.diffusion4j.training;

import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.data.IdxFiles;
import io.github.diffusion4j.data.ImageDataset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** 500 images of MNIST's test split, for tests that need real digits. */
public final class TestDigits {
  private TestDigits() {}

  /** Reads the images with their labels. */
  public static ImageDataset load() {
    try {
      return IdxFiles.read(
          resource("test500-images-idx3-ubyte.gz"),
          resource("test500-labels-idx1-ubyte.gz"),
          EmbeddedDigits.CLASS_NAMES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(TestDigits.class.getResource("/digits/" + name).toURI());
  }
}
