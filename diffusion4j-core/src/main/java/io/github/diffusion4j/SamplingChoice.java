package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.PublishedSolver;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/**
 * How a person wants a diffusion model to be sampled; what is left open follows from the model.
 *
 * @param sampler which algorithm; empty means what the model's folder says
 * @param steps how many; empty means all for DDPM, 20 levels for Langevin dynamics, 50 for others
 * @param eta fresh noise of DDIM, 0 to 1
 * @param spacing which levels are visited; empty means what the folder says, or trailing where a
 *     sampler is chosen
 * @param respacing which times are visited in the words of {@code timestep_respacing}, {@code
 *     10,20,30} or {@code ddim50}; in place of steps and spacing, with ddpm unless a sampler is
 *     chosen
 */
public record SamplingChoice(
    Optional<SamplingConfig.Sampler> sampler,
    Optional<Integer> steps,
    double eta,
    Optional<SamplingConfig.Spacing> spacing,
    Optional<String> respacing) {
  /** All as the model's folder says. */
  public static final SamplingChoice OF_THE_MODEL =
      new SamplingChoice(Optional.empty(), Optional.empty(), 0, Optional.empty());

  private static final int FEW_STEPS = 50;
  private static final int LANGEVIN_LEVELS = 20; // at each it looks a hundred times

  /** A choice without respacing. */
  public SamplingChoice(
      Optional<SamplingConfig.Sampler> sampler,
      Optional<Integer> steps,
      double eta,
      Optional<SamplingConfig.Spacing> spacing) {
    this(sampler, steps, eta, spacing, Optional.empty());
  }

  /** Returns the same choice with the times of {@code timestep_respacing}. */
  public SamplingChoice respaced(Optional<String> wanted) {
    return new SamplingChoice(sampler, steps, eta, spacing, wanted);
  }

  /** Returns the choice of a recipe, in which nothing is open. */
  public static SamplingChoice of(SamplingConfig config) {
    return new SamplingChoice(
        Optional.of(config.sampler()),
        Optional.of(config.steps()),
        config.sampler() == SamplingConfig.Sampler.DDIM ? config.eta() : 0,
        Optional.of(config.spacing()));
  }

  /** A sampler with its name and the number of its steps. */
  public static final class Way {
    private final String name;
    private final int steps;
    private final Draw draw;

    private interface Draw {
      Tensor samples(SampleRequest request, SamplingListener listener);
    }

    private Way(String name, int steps, Draw draw) {
      this.name = name;
      this.steps = steps;
      this.draw = draw;
    }

    /** Returns the sampler's name, {@code ddim} for instance. */
    public String name() {
      return name;
    }

    /** Returns the number of steps. */
    public int steps() {
      return steps;
    }

    /** Draws samples, as {@link DiffusionModel#sample} does. */
    public Tensor draw(SampleRequest request, SamplingListener listener) {
      return draw.samples(request, listener);
    }
  }

  /**
   * Returns what this choice means for {@code model}, which must live as long as it is used.
   *
   * @throws UserException if the model does not have so many steps, or η is given to a sampler that
   *     has none
   */
  public Way in(DiffusionModel model) {
    if (respacing.isPresent()) {
      return asRespaced(model, respacing.get());
    }
    return isOfTheModel() ? asPublished(model) : asChosen(model);
  }

  /**
   * Returns whether the model's folder decides which sampler it is, with options that no choice
   * has.
   */
  boolean isOfTheModel() {
    return sampler.isEmpty() && spacing.isEmpty() && respacing.isEmpty();
  }

  private Way asRespaced(DiffusionModel model, String words) {
    if (steps.isPresent() || spacing.isPresent()) {
      throw new UserException(
          "the respacing is %s, which says how many steps there are and where; allowed: no steps or spacing beside it"
              .formatted(words));
    }
    SamplingConfig.Sampler named = sampler.orElse(SamplingConfig.Sampler.DDPM);
    if (named != SamplingConfig.Sampler.DDIM) {
      requireNoEta(Word.of(named));
    }
    SubSequence times = SubSequence.respaced(all(model), words);
    return new Way(
        Word.of(named),
        times.length(),
        (request, listener) -> model.sample(request, times, named, eta, listener));
  }

  private void requireNoEta(String name) {
    if (eta != 0) {
      throw new UserException(
          "--eta is %s, but the sampler is %s; allowed: ddim, or no --eta".formatted(eta, name));
    }
  }

  private Way asPublished(DiffusionModel model) {
    PublishedSolver solver = model.scheduler().solver();
    String name =
        solver instanceof PublishedSolver.Plain plain ? Word.of(plain) : solver.className();
    if (solver != PublishedSolver.Plain.DDIM) {
      requireNoEta(name + ", as the model's folder says");
    }
    int number = steps(solver == PublishedSolver.Plain.DDPM ? all(model) : FEW_STEPS, all(model));
    return new Way(
        name, number, (request, listener) -> model.sample(request, number, eta, listener));
  }

  private Way asChosen(DiffusionModel model) {
    SamplingConfig.Sampler named = sampler.orElse(SamplingConfig.Sampler.DDPM);
    if (named != SamplingConfig.Sampler.DDIM) {
      requireNoEta(Word.of(named));
    }
    int usual =
        switch (named) {
          case DDPM -> all(model);
          case LANGEVIN -> LANGEVIN_LEVELS;
          default -> FEW_STEPS;
        };
    SamplingConfig sampling =
        new SamplingConfig(
            named, steps(usual, all(model)), eta, spacing.orElse(SamplingConfig.Spacing.TRAILING));
    return new Way(
        Word.of(named),
        sampling.steps(),
        (request, listener) -> model.sample(request, sampling, listener));
  }

  private int steps(int usual, int all) {
    int number = steps.orElse(Math.min(all, usual));
    if (number < 1 || number > all) {
      throw new UserException(
          "--steps is %d; allowed: 1…%d, the steps of the model".formatted(number, all));
    }
    return number;
  }

  private static int all(DiffusionModel model) {
    return model.process().schedule().steps();
  }
}
