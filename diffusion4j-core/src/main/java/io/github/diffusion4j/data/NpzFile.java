package io.github.diffusion4j.data;

import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.torch.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Reads and writes NumPy's {@code .npz} files: zip archives with one {@code .npy} file for each
 * named array, as {@code numpy.savez} and {@code numpy.savez_compressed} make them.
 */
public final class NpzFile {
  private static final String SUFFIX = ".npy";

  private NpzFile() {}

  /**
   * Returns the names of the arrays in a file, without reading them.
   *
   * @throws IOException if the file cannot be read or is no zip archive
   */
  public static Set<String> names(Path file) throws IOException {
    try (ZipFile zip = open(file)) {
      return names(zip);
    }
  }

  /**
   * Reads the named arrays of a file, and no others.
   *
   * @return tensors as {@link NpyFile#read} gives them, in the order of {@code names}, in the scope
   *     that is open on this thread
   * @throws IOException if an array is missing, damaged or of another kind; the message names it
   */
  public static Map<String, Tensor> read(Path file, Collection<String> names) throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    try (ZipFile zip = open(file)) {
      for (String name : names) {
        ZipEntry entry = zip.getEntry(name + SUFFIX);
        if (entry == null) {
          throw new IOException(
              String.format(Locale.ROOT, "%s has no array %s; it has %s", file, name, names(zip)));
        }
        arrays.put(name, read(file, zip, entry));
      }
    }
    return arrays;
  }

  /**
   * Writes arrays, uncompressed as {@code numpy.savez} does; the file is seen complete or not at
   * all.
   *
   * @param arrays tensors of type U8, F32 or F64
   */
  public static void write(Path file, Map<String, Tensor> arrays) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          zip.setLevel(0);
          for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
            zip.putNextEntry(new ZipEntry(array.getKey() + SUFFIX));
            NpyFile.write(zip, array.getValue());
            zip.closeEntry();
          }
          zip.finish();
        });
  }

  private static ZipFile open(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile());
    } catch (ZipException e) {
      throw new IOException(file + " is not a .npz file: " + e.getMessage(), e);
    } catch (EOFException e) {
      throw new IOException(file + " is not a .npz file: its directory is damaged", e);
    }
  }

  private static Set<String> names(ZipFile zip) {
    Set<String> names = new TreeSet<>();
    zip.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.endsWith(SUFFIX))
        .forEach(name -> names.add(name.substring(0, name.length() - SUFFIX.length())));
    return names;
  }

  private static Tensor read(Path file, ZipFile zip, ZipEntry entry) throws IOException {
    String name = String.format(Locale.ROOT, "%s in %s", entry.getName(), file);
    Tensor array;
    try (InputStream raw = zip.getInputStream(entry);
        CheckedInputStream in = new CheckedInputStream(raw, new CRC32())) {
      array = NpyFile.read(name, Channels.newChannel(in), entry.getSize());
      if (in.getChecksum().getValue() != entry.getCrc()) {
        throw new IOException(name + " is damaged: its checksum is not that of the archive");
      }
    } catch (ZipException | EOFException e) {
      throw new IOException(name + " is damaged: " + e.getMessage(), e);
    }
    return array;
  }
}
