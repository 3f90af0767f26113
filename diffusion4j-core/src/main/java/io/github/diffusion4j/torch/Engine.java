package io.github.diffusion4j.torch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads libtorch once per process and sets it up for speed.
 *
 * <p>Two things are done before the first tensor, whoever uses the library:
 *
 * <ul>
 *   <li>All native libraries are extracted before any is loaded, and each is loaded after those
 *       that it depends on. Otherwise {@code libtorch.so} would be loaded while {@code
 *       libtorch_cpu.so} is not; on a machine with another libtorch on the linker's path (Debian's
 *       {@code python3-torch}) the linker would then take that one, of another version, and the JVM
 *       would crash.
 *   <li>OpenBLAS is told to use one thread. Its own thread pool fights OpenMP's for the cores; with
 *       one BLAS thread the same training step is about twice as fast on two cores. libtorch still
 *       spreads its work over {@link #threads()} threads.
 * </ul>
 */
public final class Engine {
  /** System property with the number of threads that libtorch may use; unset means one per core. */
  public static final String THREADS_PROPERTY = "diffusion4j.threads";

  private static boolean loaded;

  private Engine() {}

  /** Loads the native libraries; later calls do nothing. */
  public static synchronized void load() {
    if (loaded) {
      return;
    }
    // JavaCPP's own limit counts the process's resident memory against the Java heap, which says
    // nothing about a process whose tensors live outside the heap.
    setIfAbsent("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    extractAll("javacpp", "openblas", "pytorch");
    Loader.load(openblas.class);
    openblas.blas_set_num_threads(1);
    loadInOrderOfDependence();
    Integer threads = Integer.getInteger(THREADS_PROPERTY);
    if (threads != null) {
      torch.set_num_threads(threads);
    }
    loaded = true;
  }

  /** Returns how many threads libtorch uses inside one operation. */
  public static int threads() {
    load();
    return torch.get_num_threads();
  }

  /** Sets a variable in the environment of this process, which other native libraries read. */
  public static void setEnvironment(String name, String value) {
    load();
    torch.set_env(name, value, false); // what the user has set stays
  }

  /** Returns libtorch's version, for example {@code 2.10.0}. */
  public static String version() {
    try {
      return Loader.getVersion("org.bytedeco", "pytorch").replaceFirst("-.*", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns libtorch's own description of how it was built: compiler, BLAS, CPU capability. */
  public static String buildDescription() {
    load();
    return torch.show_config().getString();
  }

  /** Returns the folder in which the extracted native libraries lie. */
  public static String cacheFolder() {
    try {
      return Loader.getCacheDir().getPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The binding's own order loads {@code libtorch} before {@code libtorch_cpu}, which it needs, so
   * that the linker searches its path for the latter. It does not search for a library that is
   * already loaded: hence each after those that it depends on.
   */
  private static void loadInOrderOfDependence() {
    Properties shared = Loader.loadProperties(); // the one that every loading class starts from
    shared.setProperty("platform.link", String.join(File.pathSeparator, "c10", "torch_cpu"));
    try {
      Loader.load(torch.class);
    } finally {
      shared.remove("platform.link");
    }
  }

  private static void extractAll(String... presets) {
    for (String preset : presets) {
      try {
        Loader.cacheResources("/org/bytedeco/" + preset + "/" + Loader.getPlatform() + "/");
      } catch (IOException e) {
        throw new UncheckedIOException(
            "cannot extract the native libraries of " + preset + " into " + cacheFolder(), e);
      }
    }
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
