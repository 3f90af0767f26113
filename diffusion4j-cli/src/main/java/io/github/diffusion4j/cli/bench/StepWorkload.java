package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.cli.InferenceEngine;
import io.github.diffusion4j.config.Word;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Steps of a training, or forward passes, of a network.
 *
 * @param name the word for it
 * @param about what is done
 * @param kind which of the two
 * @param recipe the network
 * @param changes what is different from the recipe, {@code path=value}
 * @param setting what all workloads have in common
 */
record StepWorkload(
    String name, String about, Kind kind, Recipe recipe, List<String> changes, Setting setting)
    implements Workload {
  /** What a step is. */
  enum Kind {
    /** A step of a training. */
    TRAIN,
    /** A forward pass. */
    FORWARD
  }

  StepWorkload {
    changes = List.copyOf(changes);
  }

  @Override
  public OptionalInt images() {
    return OptionalInt.of(recipe.config(changes).training().batch());
  }

  @Override
  public List<Entrant> ours() {
    return engines().stream().map(engine -> new Entrant(engine, () -> worker(engine))).toList();
  }

  private List<String> engines() {
    return switch (kind) {
      case TRAIN -> List.of(Word.of(InferenceEngine.TORCH));
      case FORWARD -> Word.all(InferenceEngine.class);
    };
  }

  /** Returns our own process, ready to be measured. */
  Contestant worker(String engine) throws IOException {
    List<String> options = List.of(OwnProcess.threads(setting.threads()));
    List<String> arguments = List.of(Double.toString(setting.warmUpSeconds()));
    List<String> command = new ArrayList<>(List.of(Word.of(kind), Word.of(recipe), engine));
    command.addAll(changes);
    return opened(WorkerProcess.start(OwnProcess.java(Worker.class, options, arguments)), command);
  }

  @Override
  public List<Entrant> theirs(Peer peer) throws IOException {
    Path folder = setting.folders().of(recipe, Word.of(kind), changes);
    peer.check(folder);
    return peer.modes().stream()
        .map(
            mode ->
                new Entrant(mode, () -> opened(peer.worker(), List.of(folder.toString(), mode))))
        .toList();
  }

  private static Contestant opened(WorkerProcess worker, List<String> command) throws IOException {
    try {
      worker.open(command.toArray(String[]::new));
      return worker;
    } catch (IOException e) {
      worker.close();
      throw e;
    }
  }
}
