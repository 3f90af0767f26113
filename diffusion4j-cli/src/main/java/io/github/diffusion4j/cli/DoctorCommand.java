package io.github.diffusion4j.cli;

import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.Device;
import io.github.diffusion4j.torch.Engine;
import io.github.diffusion4j.torch.EngineCheck;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.Threads;
import io.github.diffusion4j.torch.UnreliableEngineException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what this machine and this installation are, and tries the main things once. */
@Command(
    name = "doctor",
    description = "Print versions, native libraries, threads and device, and check the arithmetic.",
    mixinStandardHelpOptions = true,
    footer = {"", "Examples:", "  ./diffusion4j doctor", "  ./diffusion4j doctor --json -"})
final class DoctorCommand implements Callable<Integer> {
  private static final int BATCH = 16;
  private static final int REPEATS = 5;

  @Option(names = "--verbose", description = "Also print how libtorch was built.")
  private boolean verbose;

  @Mixin private final JsonOutput json = new JsonOutput();

  private final Map<String, Object> rows = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException {
    json.check();
    long start = System.nanoTime();
    Engine.load();
    double loadSeconds = (System.nanoTime() - start) * 1e-9;
    row("diffusion4j", Version.own());
    row("Java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
    row("machine", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    row("cores", Runtime.getRuntime().availableProcessors());
    row("heap", Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB at most");
    row(
        "libtorch",
        String.format(Locale.ROOT, "%s, loaded in %.1f s", Engine.version(), loadSeconds));
    row("native libraries", Engine.cacheFolder());
    row("threads", Threads.choose() + "; 1 in BLAS");
    row("device", Device.auto() + (Device.CUDA.available() ? "" : " (no CUDA device seen)"));
    if (verbose) {
      System.out.println(Engine.buildDescription());
    }
    boolean isRight = knownAnswers();
    boolean isWell = selfTest() && isRight;
    json.write(rows);
    return isWell ? 0 : 1;
  }

  /** Computes every kind of layer with the setting that a training on this machine takes. */
  private boolean knownAnswers() {
    long start = System.nanoTime();
    try {
      EngineCheck.require();
    } catch (UnreliableEngineException e) {
      row("engine check", "FAILED: " + e.getMessage());
    }
    row(
        "convolutions",
        String.format(
            Locale.ROOT,
            "%s (verdict in %.2f s)",
            switch (EngineCheck.setting()) {
              case ORDINARY -> "by oneDNN";
              case WITHOUT_ONEDNN -> "without oneDNN, which is wrong here";
            },
            (System.nanoTime() - start) * 1e-9));
    start = System.nanoTime();
    KnownAnswersReport report = KnownAnswersReport.measure();
    double seconds = (System.nanoTime() - start) * 1e-9;
    row(
        "known answers",
        String.format(
            Locale.ROOT,
            "%s: %d operations with gradients, three times each, in %.1f s; largest deviation and"
                + " what rounding explains:",
            report.isRight() ? "ok" : "FAILED",
            report.operations(),
            seconds));
    report.print(System.out);
    return report.isRight();
  }

  private boolean selfTest() {
    UNetConfig config = Presets.load("digits-quickstart").unet();
    try (UNet network = new UNet(config, Seed.of(0))) {
      double bestNanos = Double.MAX_VALUE;
      boolean finite = true;
      for (int i = 0; i < REPEATS; i++) {
        long start = System.nanoTime();
        finite &= step(network);
        bestNanos = Math.min(bestNanos, (double) (System.nanoTime() - start));
      }
      long objects = Scope.liveObjects();
      finite &= step(network);
      boolean leaks = Scope.liveObjects() != objects;
      row("training speed", rate(bestNanos) + " (the network of quickstart)");
      row(
          "self-test",
          finite && !leaks
              ? "ok"
              : String.format(Locale.ROOT, "FAILED: finite=%s leaks=%s", finite, leaks));
      return finite && !leaks;
    }
  }

  private static boolean step(UNet network) {
    try (Scope scope = Scope.open()) {
      Tensor x = Seed.of(1).normal(BATCH, 1, 28, 28);
      Tensor time = Tensor.arange(BATCH);
      Tensor loss = network.forward(x, time, Optional.empty(), Dropout.NONE).square().mean();
      loss.backward();
      return Double.isFinite(loss.item());
    }
  }

  private static String rate(double nanos) {
    return String.format(Locale.ROOT, "%.0f images/s", BATCH / (nanos * 1e-9));
  }

  private void row(String name, Object value) {
    rows.put(name, value instanceof Number ? value : value.toString());
    System.out.printf(Locale.ROOT, "%-17s %s%n", name, value);
  }
}
