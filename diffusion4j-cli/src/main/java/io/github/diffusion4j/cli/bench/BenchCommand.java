package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.cli.JsonOutput;
import io.github.diffusion4j.cli.OutputFile;
import io.github.diffusion4j.cli.StandardOutput;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.FileEnding;
import io.github.diffusion4j.image.Png;
import io.github.diffusion4j.torch.Engine;
import io.github.diffusion4j.torch.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures what users wait for, alone or in turn with PyTorch. */
@Command(
    name = "bench",
    description = "Measure what users wait for, alone or in turn with PyTorch.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./diffusion4j bench train-digits sample-digits",
      "  ./diffusion4j bench train-small28 --peer python3 --json -"
    })
public final class BenchCommand implements Callable<Integer> {
  private static final double BUSY = 0.1;

  @Parameters(
      paramLabel = "WORKLOAD",
      description = {
        "train-small28, forward-small28, train-ho, forward-ho, train-digits,",
        "sample-digits, start, step-overhead, cost; default: all."
      })
  private List<String> names = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Turns of each side; default: ${DEFAULT-VALUE}.")
  private int rounds = 5;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Length of a turn, and of warming up before it; default: ${DEFAULT-VALUE}.")
  private double seconds = 3;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of each side; default: libtorch's choice.")
  private @Nullable Integer threads;

  @Option(
      names = "--peer",
      paramLabel = "PYTHON",
      description = "A Python that has PyTorch, to measure in turn with; default: none.")
  private @Nullable String python;

  @Option(
      names = "--peer-modes",
      paramLabel = "MODE",
      split = ",",
      description = {
        "Ways in which the peer runs a network, parted by commas;",
        "default: eager and compiled, plain and channels-last. Each can have -bf16 added."
      })
  private List<String> peerModes = Peer.MODES;

  @Mixin private final JsonOutput json = new JsonOutput();

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "The picture of cost; default: ${DEFAULT-VALUE}.")
  private Path plot = Path.of("cost.png");

  @Option(
      names = "--free-cores-only",
      description = "Refuse to measure if other programs are at work.")
  private boolean freeCoresOnly;

  @Override
  public Integer call() throws IOException {
    try (Folders folders = new Folders()) {
      requireSense(folders);
      Machine machine = Machine.look();
      requireFree(machine);
      int threadCount = threads == null ? Engine.threads() : threads;
      Optional<Peer> peer = peer(threadCount);
      System.out.printf(Locale.ROOT, "%s%n%s%n", machine.date(), machine);
      System.out.printf(
          Locale.ROOT,
          "libtorch %s, Java %s, %s%n",
          Engine.version(),
          Runtime.version(),
          Threads.inWords(threadCount));
      if (peer.isPresent()) {
        System.out.printf(Locale.ROOT, "peer: %s%n", peer.get().version());
      }
      Setting setting = new Setting(threadCount, seconds, folders);
      return measure(machine, setting, peer);
    }
  }

  private int measure(Machine machine, Setting setting, Optional<Peer> peer) throws IOException {
    Match match = new Match(rounds, seconds, StandardOutput.remarks()::println);
    List<Outcome> outcomes = new ArrayList<>();
    boolean failed = false;
    Table table = new Table(System.out);
    table.head();
    for (Workload workload : Workloads.all(setting)) {
      if (wanted(workload.name())) {
        try {
          Outcome outcome = match.play(workload, peer);
          outcomes.add(outcome);
          table.row(outcome);
        } catch (IOException e) {
          failed = true;
          table.failure(workload.name(), String.valueOf(e.getMessage()));
        }
      }
    }
    table.overhead(outcomes);
    List<CostCurve> cost = wanted(Workloads.COST) ? cost(match, setting) : List.of();
    json.write(new Report(machine, setting.threads(), outcomes, cost).tree());
    return failed ? 1 : 0;
  }

  private List<CostCurve> cost(Match match, Setting setting) throws IOException {
    List<CostCurve> curves = new CostSweep(match, setting).measure();
    curves.forEach(curve -> curve.print(System.out));
    Png.write(CostPicture.draw(curves), plot);
    System.out.println("wrote " + plot);
    return curves;
  }

  private boolean wanted(String name) {
    return names.isEmpty() || names.contains(name);
  }

  private Optional<Peer> peer(int threadCount) throws IOException {
    if (python == null) {
      return Optional.empty();
    }
    Path inside =
        Optional.ofNullable(System.getProperty(OwnProcess.LAUNCHER))
            .flatMap(launcher -> Optional.ofNullable(Path.of(launcher).getParent()))
            .orElse(Path.of(""));
    return Optional.of(new Peer(python, Peer.scripts(inside), peerModes, threadCount, seconds));
  }

  private void requireSense(Folders folders) throws IOException {
    Workloads.requireKnown(names, Workloads.names(Workloads.all(new Setting(1, 0, folders))));
    require(rounds >= 1, "--rounds", rounds, "at least 1");
    require(seconds > 0, "--seconds", seconds, "above 0");
    require(threads == null || threads >= 1, "--threads", String.valueOf(threads), "at least 1");
    require(FileEnding.is(plot, ".png"), "--plot", plot, "a name ending in .png");
    if (wanted(Workloads.COST)) {
      OutputFile.require("--plot", plot);
    }
    json.check();
  }

  private static void require(boolean right, String option, Object value, String allowed) {
    if (!right) {
      throw new UserException(
          String.format(Locale.ROOT, "%s is %s; allowed: %s", option, value, allowed));
    }
  }

  private void requireFree(Machine machine) {
    double busy = machine.busy().orElse(0);
    if (busy < BUSY) {
      return;
    }
    String found =
        String.format(
            Locale.ROOT, "the cores are %.0f %% busy, load %.2f", 100 * busy, machine.load());
    if (freeCoresOnly) {
      throw new UserException(found + "; allowed: less than 10 %, or leave --free-cores-only out");
    }
    System.err.println("warning: " + found + "; other programs disturb what is measured");
  }
}
