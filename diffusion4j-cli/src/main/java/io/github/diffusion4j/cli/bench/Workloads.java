package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.cli.bench.SampleWorkload.Until;
import io.github.diffusion4j.cli.bench.StepWorkload.Kind;
import io.github.diffusion4j.config.Nearest;
import io.github.diffusion4j.config.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All workloads that are compared, in the order in which they are measured. */
final class Workloads {
  /** The training step whose cost that of {@link #OVERHEAD} is compared with. */
  static final String REAL_STEP = "train-small28";

  /** A training step with next to no arithmetic. */
  static final String OVERHEAD = "step-overhead";

  /** Not a comparison: how the cost grows with the work. */
  static final String COST = "cost";

  private static final List<String> SIXTEEN = List.of("training.batch=16");

  private Workloads() {}

  static List<Workload> all(Setting setting) {
    return List.of(
        step(REAL_STEP, "training of small28, batch 32", Kind.TRAIN, Recipe.SMALL28, setting),
        new StepWorkload(
            "forward-small28",
            "forward pass of small28, batch 16",
            Kind.FORWARD,
            Recipe.SMALL28,
            SIXTEEN,
            setting),
        step(
            "train-ho",
            "training of Ho's CIFAR-10 network, batch 4",
            Kind.TRAIN,
            Recipe.HO,
            setting),
        step("forward-ho", "forward pass of the same, batch 4", Kind.FORWARD, Recipe.HO, setting),
        step(
            "train-digits",
            "the quickstart's training, batch 64",
            Kind.TRAIN,
            Recipe.DIGITS,
            setting),
        new SampleWorkload(
            "sample-digits", "64 digits, DDIM with 50 steps, a whole process", Until.END, setting),
        new SampleWorkload(
            "start", "the same until the first denoising step is done", Until.FIRST_STEP, setting),
        step(
            OVERHEAD,
            "training of small28's structure on 4x4 pixels",
            Kind.TRAIN,
            Recipe.TINY,
            setting));
  }

  private static Workload step(
      String name, String about, Kind kind, Recipe recipe, Setting setting) {
    return new StepWorkload(name, about, kind, recipe, List.of(), setting);
  }

  /** Returns the names of all workloads, {@link #COST} included. */
  static List<String> names(List<Workload> workloads) {
    List<String> names = new ArrayList<>(workloads.stream().map(Workload::name).toList());
    names.add(COST);
    return names;
  }

  /**
   * Refuses names that are none.
   *
   * @throws UserException naming the nearest
   */
  static void requireKnown(List<String> wanted, List<String> known) {
    for (String name : wanted) {
      if (!known.contains(name)) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "there is no workload %s; %sallowed: %s",
                name,
                Nearest.of(name, known)
                    .map(text -> String.format(Locale.ROOT, "did you mean %s? ", text))
                    .orElse(""),
                String.join(", ", known)));
      }
    }
  }
}
