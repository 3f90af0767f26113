package io.github.diffusion4j.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.diffusion4j.torch.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Loads ONNX Runtime once per process.
 *
 * <p>As it comes, the runtime unpacks its libraries into a new folder at each start, which takes a
 * third of a second. Here they are unpacked once, beside those of libtorch.
 */
final class OnnxLibrary {
  /** The runtime's own property for a folder that has its libraries. */
  private static final String FOLDER_PROPERTY = "onnxruntime.native.path";

  /**
   * The runtime's own variable that keeps it from writing down an identifier of this machine and
   * sending its maker what it is used for. It is read when the runtime is loaded.
   */
  private static final String NO_TELEMETRY = "ORT_DISABLE_TELEMETRY";

  private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");

  private static boolean prepared;

  private OnnxLibrary() {}

  /**
   * Returns the runtime, which the first call loads; call it before anything else of its package.
   */
  static synchronized OrtEnvironment environment() throws OrtException {
    if (!prepared) {
      Engine.setEnvironment(NO_TELEMETRY, "1");
      if (System.getProperty(FOLDER_PROPERTY) == null) {
        Path cache = Path.of(Engine.cacheFolder());
        unpacked(cache).ifPresent(folder -> System.setProperty(FOLDER_PROPERTY, folder.toString()));
      }
      OrtEnvironment.getEnvironment().setTelemetry(false); // where the variable means nothing
      prepared = true;
    }
    return OrtEnvironment.getEnvironment();
  }

  /**
   * Returns a folder under {@code cache} with the libraries of this platform, or nothing if they
   * cannot be put there; the runtime then falls back on its own way.
   */
  static Optional<Path> unpacked(Path cache) {
    Optional<Path> folder = Optional.empty();
    for (String library : LIBRARIES) {
      String file = System.mapLibraryName(library);
      URL packed =
          OrtEnvironment.class.getResource("/ai/onnxruntime/native/" + platform() + "/" + file);
      try {
        if (packed == null || !(packed.openConnection() instanceof JarURLConnection jar)) {
          return Optional.empty();
        }
        if (folder.isEmpty()) { // named by its content, so that versions do not meet
          String sum = Long.toHexString(jar.getJarEntry().getCrc());
          folder = Optional.of(Files.createDirectories(cache.resolve("onnxruntime-" + sum)));
        }
        unpack(jar, folder.get().resolve(file));
      } catch (IOException e) {
        return Optional.empty();
      }
    }
    return folder;
  }

  private static void unpack(JarURLConnection packed, Path file) throws IOException {
    if (Files.exists(file) && Files.size(file) == packed.getJarEntry().getSize()) {
      return;
    }
    Path part = Files.createTempFile(file.getParent(), "part", "");
    try (InputStream in = packed.getInputStream()) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Returns the runtime's word for this machine, such as {@code linux-x64}. */
  private static String platform() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String system = name.contains("mac") ? "osx" : name.contains("win") ? "win" : "linux";
    String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return system + "-" + (machine.equals("aarch64") ? "aarch64" : "x64");
  }
}
