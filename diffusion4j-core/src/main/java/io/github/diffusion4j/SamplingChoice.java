package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.PublishedSolver;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Tensor;
import java.util.Optional;

/**
 * How a person wants a diffusion model to be sampled; what is left open follows from the model.
 *
 * @param sampler which algorithm; empty means what the model's folder says
 * @param steps how many; empty means all for DDPM, 20 levels for Langevin dynamics, 4 for distilled
 *     models, 50 for others
 * @param eta fresh noise of DDIM, 0 to 1; of a folder with TCD it is γ, and 0 means 0.3
 * @param spacing which levels are visited; empty means what the folder says, or where a sampler is
 *     chosen, trailing for most and Karras's for those that evaluate between their levels
 */
public record SamplingChoice(
    Optional<SamplingConfig.Sampler> sampler,
    Optional<Integer> steps,
    double eta,
    Optional<SamplingConfig.Spacing> spacing) {
  /** All as the model's folder says. */
  public static final SamplingChoice OF_THE_MODEL =
      new SamplingChoice(Optional.empty(), Optional.empty(), 0, Optional.empty());

  private static final int FEW_STEPS = 50;
  private static final int LANGEVIN_LEVELS = 20; // at each it looks a hundred times
  private static final int STEPS_IF_DISTILLED = 4;
  private static final double USUAL_GAMMA = 0.3; // of TCD, if no eta is given

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
    return isOfTheModel() ? asPublished(model) : asChosen(model);
  }

  /**
   * Returns whether the model's folder decides which sampler it is, with options that no choice
   * has.
   */
  boolean isOfTheModel() {
    return sampler.isEmpty() && spacing.isEmpty();
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
    if (solver.isInverse()) {
      throw new UserException(
          "the model's folder names %s, which takes images to noise; allowed for sampling: --sampler %s"
              .formatted(solver.className(), Word.of(SamplingConfig.Sampler.DDIM)));
    }
    boolean tcd =
        solver instanceof PublishedSolver.Distilled distilled
            && distilled.kind() == PublishedSolver.Distilled.Kind.TCD;
    if (!solver.isDdim() && !tcd) {
      requireNoEta(name + ", as the model's folder says");
    }
    double fresh = tcd && eta == 0 ? USUAL_GAMMA : eta;
    int usual =
        solver.isDdpm() ? all(model) : solver.isOfFewSteps() ? STEPS_IF_DISTILLED : FEW_STEPS;
    int number = steps(usual, all(model));
    return new Way(
        name, number, (request, listener) -> model.sample(request, number, fresh, listener));
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
            named, steps(usual, all(model)), eta, spacing.orElse(usualSpacing(named)));
    return new Way(
        Word.of(named),
        sampling.steps(),
        (request, listener) -> model.sample(request, sampling, listener));
  }

  /** Karras's where steps evaluate between their levels, which are far apart in λ otherwise. */
  private static SamplingConfig.Spacing usualSpacing(SamplingConfig.Sampler sampler) {
    return switch (sampler) {
      case KDPM2, KDPM2_ANCESTRAL, DPM_SDE -> SamplingConfig.Spacing.KARRAS;
      default -> SamplingConfig.Spacing.TRAILING;
    };
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
