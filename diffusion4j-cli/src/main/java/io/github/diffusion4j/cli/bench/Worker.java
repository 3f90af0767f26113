package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.cli.InferenceEngine;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.torch.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.json.JsonMapper;

/**
 * Our side of a measurement, in a process of its own. It reads commands, parted by tabs, and
 * answers each with a line of JSON:
 *
 * <pre>
 *  open train|forward RECIPE ENGINE [path=value …]   what is to be done; warms up
 *  run N                                             seconds of N repetitions, peak memory in KiB
 * </pre>
 */
public final class Worker {
  private static final int WARM_UP_REPETITIONS = 3;

  private final double warmUpSeconds;
  private Optional<Work> work = Optional.empty();

  Worker(double warmUpSeconds) {
    this.warmUpSeconds = warmUpSeconds;
  }

  /** Works until the input ends; the argument is the time to warm up, in seconds. */
  public static void main(String[] args) throws IOException {
    // An orderly end would destroy libtorch's globals while its threads are at work.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0), "end"));
    PrintStream answers = System.out;
    System.setOut(System.err); // whatever else prints is no answer
    Worker worker = new Worker(Double.parseDouble(args[0]));
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      answers.println(worker.answer(line));
      answers.flush();
    }
    Runtime.getRuntime().halt(0);
  }

  /** Returns one line. */
  String answer(String line) {
    List<String> words = List.of(line.split("\t", -1));
    try {
      Map<String, Object> answer =
          switch (words.get(0)) {
            case "open" -> open(words.subList(1, words.size()));
            case "run" -> run(Integer.parseInt(words.get(1)));
            default -> Map.of("error", "unknown command " + words.get(0));
          };
      return JsonMapper.shared().writeValueAsString(answer);
    } catch (IOException | RuntimeException e) {
      return JsonMapper.shared().writeValueAsString(Map.of("error", String.valueOf(e)));
    }
  }

  private Map<String, Object> open(List<String> words) throws IOException {
    Recipe recipe = Recipe.named(words.get(1));
    ExperimentConfig config = recipe.config(words.subList(3, words.size()));
    work.ifPresent(Work::close);
    Work opened =
        switch (words.get(0)) {
          case "train" -> new TrainingWork(config);
          case "forward" ->
              new ForwardWork(config, Word.parse(InferenceEngine.class, "engine", words.get(2)));
          default -> throw new IllegalArgumentException("unknown work " + words.get(0));
        };
    work = Optional.of(opened);
    warmUp(opened);
    return Map.of(
        "threads",
        Engine.threads(),
        "version",
        String.format(Locale.ROOT, "libtorch %s, Java %s", Engine.version(), Runtime.version()));
  }

  private void warmUp(Work opened) throws IOException {
    long start = System.nanoTime();
    for (int i = 0;
        i < WARM_UP_REPETITIONS || (System.nanoTime() - start) * 1e-9 < warmUpSeconds;
        i++) {
      opened.run(1);
    }
  }

  private Map<String, Object> run(int repetitions) throws IOException {
    List<Double> seconds = work.orElseThrow().run(repetitions);
    OptionalLong peak = PeakMemory.ofThisProcess();
    return peak.isPresent()
        ? Map.of("seconds", seconds, "peak_kib", peak.getAsLong())
        : Map.of("seconds", seconds);
  }
}
