package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.cli.InferenceEngine;
import io.github.diffusion4j.cli.Trace;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.torch.Engine;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The command that draws 64 digits with DDIM in 50 steps, as a user gives it: the start of the
 * process counts.
 *
 * @param name the word for it
 * @param about what is measured
 * @param until when the clock is stopped
 * @param setting what all workloads have in common
 */
record SampleWorkload(String name, String about, Until until, Setting setting) implements Workload {
  private static final int DIGITS = 64;
  private static final int STEPS = 50;

  /** When the clock is stopped. */
  enum Until {
    /** When the process has ended, the picture on the disk. */
    END,
    /** When the first denoising step has been taken. */
    FIRST_STEP
  }

  @Override
  public OptionalInt images() {
    return switch (until) {
      case END -> OptionalInt.of(DIGITS);
      case FIRST_STEP -> OptionalInt.empty();
    };
  }

  @Override
  public List<Entrant> ours() {
    return Word.all(InferenceEngine.class).stream()
        .map(engine -> new Entrant(engine, () -> sample(engine)))
        .toList();
  }

  private Contestant sample(String engine) throws IOException {
    ProcessBuilder command =
        OwnProcess.verb(
            List.of(OwnProcess.threads(setting.threads()), Trace.OPTION),
            List.of(
                "sample",
                "--model=" + model(),
                "--sampler=ddim",
                "--steps=" + STEPS,
                "--n=" + DIGITS,
                "--engine=" + engine,
                "--out=" + setting.folders().output("ours.png")));
    return timed(
        command,
        String.format(Locale.ROOT, "libtorch %s, Java %s", Engine.version(), Runtime.version()));
  }

  @Override
  public List<Entrant> theirs(Peer peer) throws IOException {
    peer.check(setting.folders().of(Recipe.DIGITS, "forward", List.of()));
    return peer.modes().stream().map(mode -> new Entrant(mode, () -> sample(peer, mode))).toList();
  }

  private Contestant sample(Peer peer, String mode) throws IOException {
    ProcessBuilder command =
        peer.script(
            "sample.py",
            List.of(
                "--model=" + model(),
                "--mode=" + mode,
                "--steps=" + STEPS,
                "--n=" + DIGITS,
                "--threads=" + peer.threads(),
                "--out=" + setting.folders().output("theirs.png")));
    return timed(command, peer.version());
  }

  private String model() throws IOException {
    return setting.folders().of(Recipe.DIGITS, "forward", List.of()).toString();
  }

  private Contestant timed(ProcessBuilder command, String version) {
    return switch (until) {
      case END -> WholeProcess.untilEnd(command, version);
      case FIRST_STEP -> WholeProcess.untilLine(command, Trace.FIRST_STEP, version);
    };
  }
}
