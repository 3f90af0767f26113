package io.github.diffusion4j.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;

/** A run of consecutive images of another data set, seen as a set of its own. */
public final class SubsetDataset implements ImageDataset {
  private final ImageDataset source;
  private final int first;
  private final int count;

  /**
   * Shows images {@code first}…{@code first + count − 1} of {@code source}.
   *
   * @throws IllegalArgumentException if the source does not have them
   */
  public SubsetDataset(ImageDataset source, int first, int count) {
    if (first < 0 || count < 1 || count > source.size() - first) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d images from number %d on were asked for; the data set has %d",
              count,
              first,
              source.size()));
    }
    this.source = source;
    this.first = first;
    this.count = count;
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public ImageShape shape() {
    return source.shape();
  }

  @Override
  public void read(int index, byte[] target, int offset) throws IOException {
    source.read(first + Objects.checkIndex(index, count), target, offset);
  }

  @Override
  public OptionalInt label(int index) {
    return source.label(first + Objects.checkIndex(index, count));
  }

  @Override
  public List<String> classNames() {
    return source.classNames();
  }

  @Override
  public String fingerprint() {
    String of = String.format(Locale.ROOT, "%s:%d+%d", source.fingerprint(), first, count);
    return new Fingerprint().add(of.getBytes(StandardCharsets.UTF_8)).digits();
  }
}
