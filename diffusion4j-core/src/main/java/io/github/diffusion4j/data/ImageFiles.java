package io.github.diffusion4j.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.zip.CRC32;

/**
 * A data set of image files, sorted by name; made by {@link ImageFolder} and {@link ImageZip}.
 *
 * <p>Every file was decoded once when the set was opened, so what is in it can be read. The class
 * of an image is the name of its sub-folder; folders that all images share do not count, and where
 * some images lie beside the sub-folders of the others there are no classes.
 */
public final class ImageFiles implements ImageDataset {
  private final ImageOptions options;
  private final List<Entry> entries;
  private final FolderClasses classes;
  private final List<String> skipped;
  private final int ignoredFiles;

  private ImageFiles(
      ImageOptions options,
      List<Entry> entries,
      FolderClasses classes,
      List<String> skipped,
      int ignoredFiles) {
    this.options = options;
    this.entries = entries;
    this.classes = classes;
    this.skipped = skipped;
    this.ignoredFiles = ignoredFiles;
  }

  /** One image that could be decoded; no pixels if they are not kept. */
  private record Entry(EncodedImage file, long size, long checksum, byte[] pixels) {}

  /** One file: an image, or the reason why it is none. */
  private record Outcome(List<Entry> image, List<String> problem) {}

  /** As the other, for images of one shape, which is that of the first; all of them are sound. */
  static ImageFiles open(
      String source, List<EncodedImage> found, int ignoredFiles, Progress progress)
      throws IOException {
    if (found.isEmpty()) {
      throw new IOException(
          String.format(
              Locale.ROOT, "%s has no image; %d files of other kinds", source, ignoredFiles));
    }
    ImageShape shape;
    try {
      shape = ImageDecoder.decode(found.get(0).content().read()).shape();
    } catch (IOException e) {
      throw corrupt(found.get(0), e);
    }
    ImageOptions asTheyAre = ImageOptions.of(shape).withFit(Fit.NONE).withOnCorrupt(OnCorrupt.STOP);
    return open(source, found, ignoredFiles, asTheyAre, progress);
  }

  /** Decodes everything that was found, and keeps the pixels if they fit into memory. */
  static ImageFiles open(
      String source,
      List<EncodedImage> found,
      int ignoredFiles,
      ImageOptions options,
      Progress progress)
      throws IOException {
    long bytes = (long) found.size() * options.shape().pixels();
    Keep keep = bytes <= options.memoryBytes() ? Keep.PIXELS : Keep.NOTHING;
    List<Entry> entries = new ArrayList<>(found.size());
    List<String> skipped = new ArrayList<>();
    ParallelWork<EncodedImage, Outcome> work =
        new ParallelWork<>("decoding images", file -> check(file, options, keep));
    work.run(
        found,
        outcome -> {
          entries.addAll(outcome.image);
          skipped.addAll(outcome.problem);
        },
        progress);
    if (entries.isEmpty()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s has no readable image: %d corrupt%s, %d of other kinds",
              source,
              skipped.size(),
              skipped.isEmpty() ? "" : " (the first: " + skipped.get(0) + ")",
              ignoredFiles));
    }
    FolderClasses classes = FolderClasses.of(found.stream().map(EncodedImage::name).toList());
    return new ImageFiles(options, entries, classes, List.copyOf(skipped), ignoredFiles);
  }

  private enum Keep {
    PIXELS,
    NOTHING
  }

  private static Outcome check(EncodedImage file, ImageOptions options, Keep keep)
      throws IOException {
    try {
      byte[] bytes = file.content().read();
      byte[] pixels = ImageDecoder.decode(bytes).fitted(options).bytes();
      CRC32 checksum = new CRC32();
      checksum.update(bytes);
      byte[] kept = keep == Keep.PIXELS ? pixels : new byte[0];
      Entry entry = new Entry(file, bytes.length, checksum.getValue(), kept);
      return new Outcome(List.of(entry), List.of());
    } catch (IllegalArgumentException e) { // another shape, where none is made to fit
      throw new IOException(
          String.format(Locale.ROOT, "image %s: %s", file.name(), e.getMessage()), e);
    } catch (IOException e) {
      return switch (options.onCorrupt()) {
        case SKIP -> new Outcome(List.of(), List.of(file.name() + ": " + reason(e)));
        case STOP -> throw corrupt(file, e);
      };
    }
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public ImageShape shape() {
    return options.shape();
  }

  @Override
  public void read(int index, byte[] target, int offset) throws IOException {
    Entry entry = entries.get(index);
    byte[] pixels = entry.pixels;
    if (pixels.length == 0) {
      try {
        pixels = ImageDecoder.decode(entry.file.content().read()).fitted(options).bytes();
      } catch (IOException e) { // it was sound when the set was opened
        throw corrupt(entry.file, e);
      }
    }
    System.arraycopy(pixels, 0, target, offset, pixels.length);
  }

  @Override
  public OptionalInt label(int index) {
    return classes.label(name(index));
  }

  @Override
  public List<String> classNames() {
    return classes.names();
  }

  /** Returns the path of image {@code index} below the folder or in the archive. */
  public String name(int index) {
    return entries.get(index).file.name();
  }

  /** Returns the corrupt files that were left out, each with the reason. */
  public List<String> skipped() {
    return skipped;
  }

  /** Returns how many files were left out because they are not named like images. */
  public int ignoredFiles() {
    return ignoredFiles;
  }

  /** {@inheritDoc} Here they follow from the names, sizes and checksums of the files. */
  @Override
  public String fingerprint() {
    Fingerprint result = new Fingerprint().add(options.shape()).add(options.fit().name());
    for (Entry entry : entries) {
      result.add(entry.file.name()).add(entry.size).add(entry.checksum);
    }
    return result.digits();
  }

  private static IOException corrupt(EncodedImage file, IOException cause) {
    return new IOException("corrupt image " + file.name() + ": " + reason(cause), cause);
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
