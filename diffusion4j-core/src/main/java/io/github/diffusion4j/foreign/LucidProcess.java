package io.github.diffusion4j.foreign;

import io.github.diffusion4j.checkpoint.TensorFile;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.Scope;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Finds out the process of a {@code GaussianDiffusion} from the tables in its state dictionary. */
final class LucidProcess {
  private final TensorFile file;
  private final LucidNames names;
  private final Flags flags;

  LucidProcess(TensorFile file, LucidNames names, Flags flags) {
    this.file = file;
    this.names = names;
    this.flags = flags;
  }

  /**
   * Returns the process of {@code network}; it is sampled as {@code p_sample_loop} does.
   *
   * @throws UserException if a flag is needed or contradicts the file
   */
  ProcessConfig config(LucidUNetConfig network) throws IOException {
    Optional<float[]> betas = table("betas");
    Optional<float[]> weight = table("loss_weight");
    ScheduleConfig schedule = betas.isPresent() ? stored(betas.get()) : named();
    Optional<LucidObjective> seen =
        betas.isPresent() && weight.isPresent()
            ? LucidObjective.of(weight.get(), betas.get())
            : Optional.empty();
    if (network.outputs() != network.channels() && network.outputs() != 2 * network.channels()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "the network answers with %d channels; allowed: %d, or %d with the variance",
              network.outputs(),
              network.channels(),
              2 * network.channels()));
    }
    boolean learned = network.outputs() == 2 * network.channels();
    return new ProcessConfig(
        schedule,
        objective(seen).target(),
        learned ? VarianceChoice.LEARNED_RANGE : VarianceChoice.BETA_TILDE,
        X0Range.CLIP_TO_DATA);
  }

  private LucidObjective objective(Optional<LucidObjective> seen) {
    Optional<LucidObjective> given =
        flags
            .text("objective")
            .map(
                word ->
                    LucidObjective.named(word)
                        .orElseThrow(
                            () -> flags.wrong("objective", "pred_noise, pred_x0, pred_v")));
    if (given.isPresent() && seen.isPresent() && !given.equals(seen)) {
      throw flags.wrong("objective", "what loss_weight in the file is for, " + seen.get().word());
    }
    return given
        .or(() -> seen)
        .orElseThrow(
            () ->
                new UserException(
                    "what the network predicts is not in the file; add --objective pred_noise,"
                        + " pred_x0 or pred_v to the flags"));
  }

  private ScheduleConfig stored(float[] betas) {
    if (flags.has("beta_schedule") || flags.has("timesteps")) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--beta_schedule and --timesteps are for files without betas; this one has %d",
              betas.length));
    }
    return LucidSchedule.of(betas);
  }

  private ScheduleConfig named() {
    if (names.prefix().endsWith("net.")) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "the network is that of ElucidatedDiffusion, as %s* says; allowed: GaussianDiffusion",
              names.prefix()));
    }
    int steps = flags.whole("timesteps").orElse(LucidSchedule.USUAL_STEPS);
    String word =
        flags
            .text("beta_schedule")
            .orElseThrow(
                () ->
                    new UserException(
                        "the file has a network without its process; add --beta_schedule linear,"
                            + " cosine or sigmoid and --timesteps to the flags"));
    return LucidSchedule.named(word, steps)
        .orElseThrow(() -> flags.wrong("beta_schedule", "linear, cosine, sigmoid"));
  }

  /** Reads a table [T] of the process, if the file has it. */
  private Optional<float[]> table(String name) throws IOException {
    Optional<String> stored = names.buffer(name).filter(file.tensors()::containsKey);
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    List<Long> shape = Objects.requireNonNull(file.tensors().get(stored.get())).shape();
    if (shape.size() != 1) {
      throw new UserException(
          String.format(Locale.ROOT, "%s is %s; allowed: [T]", stored.get(), shape));
    }
    try (Scope scope = Scope.open()) {
      float[] numbers =
          Objects.requireNonNull(file.read(stored.stream().toList()).get(stored.get())).toFloats();
      if (numbers.length == 0) {
        throw new UserException(String.format(Locale.ROOT, "%s is empty", stored.get()));
      }
      return Optional.of(numbers);
    }
  }
}
