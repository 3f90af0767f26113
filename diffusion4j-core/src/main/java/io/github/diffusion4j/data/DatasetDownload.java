package io.github.diffusion4j.data;

import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.torch.Engine;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Fetches known data sets from their public homes into a folder, once.
 *
 * <p>A file appears in the folder complete and checked, or not at all; so what is there is not
 * fetched again.
 */
public final class DatasetDownload {
  private static final String COMPLETE = ".complete";

  private final Path cache;
  private final Function<KnownDataset, PublishedFiles> homes;
  private final Progress progress;

  /**
   * Fetches from the public homes.
   *
   * @param cache the folder for the files, which is made if it is missing
   * @param progress hears the bytes of each file
   */
  public DatasetDownload(Path cache, Progress progress) {
    this(cache, PublishedFiles::of, progress);
  }

  DatasetDownload(Path cache, Function<KnownDataset, PublishedFiles> homes, Progress progress) {
    this.cache = cache;
    this.homes = homes;
    this.progress = progress;
  }

  /**
   * Returns the folder where programs of this user keep what they can fetch again: {@code
   * $XDG_CACHE_HOME/diffusion4j}, or {@code ~/.cache/diffusion4j}.
   *
   * @param environment the environment variables, {@link System#getenv()}
   */
  public static Path defaultCache(Map<String, String> environment) {
    return Engine.userCache(environment);
  }

  /**
   * Makes sure that both parts of {@code set} are there.
   *
   * @return the folder to give to {@link KnownDataset#open}
   * @throws IOException if a file cannot be fetched or is not what was published; the message says
   *     where to put files that were fetched by other means
   */
  public Path fetch(KnownDataset set) throws IOException {
    Path folder = cache.resolve(set.folder());
    if (Files.exists(folder.resolve(COMPLETE))) {
      return cache;
    }
    PublishedFiles published = homes.apply(set);
    Files.createDirectories(folder);
    for (PublishedFiles.Item file : published.files()) {
      Path target = folder.resolve(file.name());
      if (!Files.exists(target)) {
        fetch(set, published.home().resolve(file.name()), file, target);
      }
      if (file.name().endsWith(".tar.gz")) {
        unpack(target, folder);
        Files.delete(target);
      }
    }
    AtomicFile.write(folder.resolve(COMPLETE), "");
    return cache;
  }

  private void fetch(KnownDataset set, URI from, PublishedFiles.Item file, Path target)
      throws IOException {
    Path draft = target.resolveSibling(file.name() + ".part");
    try {
      String md5 = new Download(from, draft).run(progress);
      if (!md5.equals(file.md5())) {
        throw new IOException(
            String.format(Locale.ROOT, "its MD5 is %s instead of %s", md5, file.md5()));
      }
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "could not download %s: %s. Without network, put the files of %s into DIR/%s"
                  + " and use --data-dir DIR",
              from,
              reason(e),
              set.id(),
              set.folder()),
          e);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Puts the plain files of an archive, without their folders, into {@code folder}. */
  private static void unpack(Path archive, Path folder) throws IOException {
    try (InputStream bytes = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(bytes))) {
      TarArchiveEntry entry = tar.getNextEntry();
      while (entry != null) {
        Path name = Path.of(entry.getName()).getFileName();
        if (entry.isFile() && name != null && !name.toString().startsWith(".")) {
          AtomicFile.write(folder.resolve(name), tar::transferTo);
        }
        entry = tar.getNextEntry();
      }
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
