package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.cli.Main;
import io.github.diffusion4j.torch.Engine;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How this program is started once more, as a process of its own. */
final class OwnProcess {
  /** System property with the path of the launcher, which sets it. */
  static final String LAUNCHER = "diffusion4j.launcher";

  private static final String JAVA_OPTIONS = "DIFFUSION4J_JAVA_OPTIONS";

  private OwnProcess() {}

  /** Returns a command for {@code main} with this JVM's class path and options, and some more. */
  static ProcessBuilder java(Class<?> main, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-agentlib") && !option.startsWith("-javaagent"))
        .forEach(command::add);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  /** Returns the command that a user would type, the launcher's time included. */
  static ProcessBuilder verb(List<String> options, List<String> arguments) {
    String launcher = System.getProperty(LAUNCHER);
    if (launcher == null) {
      return java(Main.class, options, arguments);
    }
    List<String> command = new ArrayList<>(List.of(launcher));
    command.addAll(arguments);
    ProcessBuilder process = new ProcessBuilder(command);
    Map<String, String> environment = process.environment();
    String given = environment.getOrDefault(JAVA_OPTIONS, "");
    environment.put(JAVA_OPTIONS, (given + " " + String.join(" ", options)).strip());
    return process;
  }

  /** Returns the option that gives libtorch as many threads. */
  static String threads(int threads) {
    return String.format(Locale.ROOT, "-D%s=%d", Engine.THREADS_PROPERTY, threads);
  }
}
