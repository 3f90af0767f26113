package io.github.diffusion4j.torch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
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
 *   <li>OpenBLAS is set to one thread. Its own thread pool fights OpenMP's for the cores; with one
 *       BLAS thread the same training step is about twice as fast on two cores. libtorch still
 *       spreads its work over {@link #threads()} threads.
 *   <li>libtorch gets its number of threads from {@link Threads}, and does without NNPACK, which
 *       prints a line per convolution where it does not know the processor and is no faster where
 *       it does.
 * </ul>
 */
public final class Engine {
  /** System property with the number of threads; {@link Threads} says what holds without it. */
  public static final String THREADS_PROPERTY = "diffusion4j.threads";

  /** JavaCPP's own property. */
  private static final String LOAD_LIBRARIES = "org.bytedeco.javacpp.loadLibraries";

  private static boolean loaded;

  private Engine() {}

  /** Loads the native libraries; later calls do nothing. */
  public static synchronized void load() {
    if (loaded) {
      return;
    }
    Threads threads = Threads.choose(); // refuses a wrong property before anything is loaded
    // JavaCPP's own limit counts the process's resident memory against the Java heap, which says
    // nothing about a process whose tensors live outside the heap.
    setIfAbsent("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    extractAll("javacpp", "openblas", "pytorch");
    initializeUnchecked("org.bytedeco.openblas.presets.openblas_nolapack");
    Loader.load(openblas.class);
    openblas.blas_set_num_threads(1);
    loadInOrderOfDependence();
    torch.set_num_threads(threads.count());
    torch.globalContext().setUserEnabledNNPACK(false); // for all threads of this process
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

  /** Returns libtorch's version, for example {@code 2.13.0}. */
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
   * Returns the folder where programs of this user keep what they can make or fetch again: {@code
   * $XDG_CACHE_HOME/diffusion4j}, or {@code ~/.cache/diffusion4j}.
   *
   * @param environment the environment variables, {@link System#getenv()}
   */
  public static Path userCache(Map<String, String> environment) {
    String home = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path base = home.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
    return base.resolve("diffusion4j");
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

  /**
   * When a preset's class is initialized, JavaCPP compares the preset's version with its own and
   * prints a warning where they differ. OpenBLAS is one version behind, as no newer one is
   * published; nothing else depends on that. JavaCPP does not warn while it is set not to load
   * libraries.
   */
  private static void initializeUnchecked(String preset) {
    String before = System.setProperty(LOAD_LIBRARIES, "false");
    try {
      Class.forName(preset, true, Engine.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(preset + " is not on the class path", e);
    } finally {
      if (before == null) {
        System.clearProperty(LOAD_LIBRARIES);
      } else {
        System.setProperty(LOAD_LIBRARIES, before);
      }
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
