package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.ModelOrigin;
import io.github.diffusion4j.checkpoint.PublishedScheduler;
import io.github.diffusion4j.checkpoint.PublishedSolver;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.config.SamplingConfig.Sampler;
import io.github.diffusion4j.config.SamplingConfig.Spacing;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.config.Word;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Tensor;
import java.util.Locale;
import java.util.Optional;

/**
 * Options of sampling; what is left open follows from the model. A model that this library trained
 * then gets the sampler that is best for its time, one of others what its folder says.
 *
 * @param sampler which algorithm
 * @param steps how many; empty means as many as are usual for the sampler
 * @param eta fresh noise of DDIM, 0 to 1; of a folder with TCD it is γ, and 0 means 0.3
 * @param spacing which levels are visited; empty means those that suit the sampler
 * @param respacing which times are visited in the words of {@code timestep_respacing}, {@code
 *     10,20,30} or {@code ddim50}; in place of steps and spacing, with ddpm unless a sampler is
 *     chosen
 */
public record SamplingChoice(
    Optional<Sampler> sampler,
    Optional<Integer> steps,
    double eta,
    Optional<Spacing> spacing,
    Optional<String> respacing) {
  /** Everything follows from the model. */
  public static final SamplingChoice OF_THE_MODEL =
      new SamplingChoice(Optional.empty(), Optional.empty(), 0, Optional.empty());

  private static final int DEFAULT_STEPS_OF_FOLDERS = 50;
  private static final int STEPS_IF_DISTILLED = 4;
  private static final double DEFAULT_GAMMA = 0.3; // of TCD, if no eta is given

  /** A choice without respacing. */
  public SamplingChoice(
      Optional<Sampler> sampler, Optional<Integer> steps, double eta, Optional<Spacing> spacing) {
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
        config.sampler() == Sampler.DDIM ? config.eta() : 0,
        Optional.of(config.spacing()));
  }

  /** Who chose a sampler. */
  public enum Source {
    /** The caller. */
    CALLER,
    /** Nobody: it is the default for models that this library trained. */
    DEFAULT,
    /** The model's folder, with options that no choice has. */
    FOLDER
  }

  /** A sampler with all that is known about it. */
  public static final class Way {
    private final String name;
    private final int steps;
    private final String details;
    private final Source source;
    private final Draw draw;

    private interface Draw {
      Tensor samples(SampleRequest request, SamplingListener listener);
    }

    private Way(String name, int steps, String details, Source source, Draw draw) {
      this.name = name;
      this.steps = steps;
      this.details = details;
      this.source = source;
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

    /** Returns who chose the sampler. */
    public Source source() {
      return source;
    }

    /**
     * Returns all that decides which images a model draws from given noise: {@code ddim, 50 steps,
     * trailing spacing}.
     */
    public String manner() {
      String origin = source == Source.FOLDER ? " as its folder says" : "";
      return String.format(Locale.ROOT, "%s%s, %d steps%s", name, origin, steps, details);
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
    boolean open = sampler.isEmpty() && spacing.isEmpty();
    return open && !isAsTrained(model) ? asPublished(model) : asChosen(model);
  }

  /**
   * Whether this library trained it, and nobody has put another scheduler into its folder than
   * DDPM's, which says nothing about few steps. EDM's does.
   */
  private static boolean isAsTrained(DiffusionModel model) {
    return model.origin() == ModelOrigin.DIFFUSION4J
        && model.scheduler().solver() == PublishedSolver.Plain.DDPM
        && model.scheduler().equals(PublishedScheduler.usual(model.process()));
  }

  private Way asRespaced(DiffusionModel model, String words) {
    if (steps.isPresent() || spacing.isPresent()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "the respacing is %s, which says how many steps there are and where; allowed: no steps or spacing beside it",
              words));
    }
    Sampler named = sampler.orElse(Sampler.DDPM);
    if (named != Sampler.DDIM) {
      requireNoEta(Word.of(named));
    }
    SubSequence times = SubSequence.respaced(all(model), words);
    return new Way(
        Word.of(named),
        times.length(),
        String.format(Locale.ROOT, ", respacing %s%s", words, noise(eta)),
        Source.CALLER,
        (request, listener) -> model.sample(request, times, named, eta, listener));
  }

  private void requireNoEta(String name) {
    if (eta != 0) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--eta is %s, but the sampler is %s; allowed: ddim, or no --eta",
              eta,
              name));
    }
  }

  private Way asPublished(DiffusionModel model) {
    PublishedSolver solver = model.scheduler().solver();
    String name =
        solver instanceof PublishedSolver.Plain plain ? Word.of(plain) : solver.className();
    if (solver.isInverse()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "the model's folder names %s, which takes images to noise; allowed for sampling: --sampler %s",
              solver.className(),
              Word.of(SamplingConfig.Sampler.DDIM)));
    }
    boolean tcd =
        solver instanceof PublishedSolver.Distilled distilled
            && distilled.kind() == PublishedSolver.Distilled.Kind.TCD;
    if (!solver.isDdim() && !tcd) {
      requireNoEta(name + ", as the model's folder says");
    }
    double fresh = tcd && eta == 0 ? DEFAULT_GAMMA : eta;
    int all = all(model);
    int usual =
        solver.isDdpm()
            ? all
            : solver.isOfFewSteps() ? STEPS_IF_DISTILLED : DEFAULT_STEPS_OF_FOLDERS;
    int number = steps(usual, all);
    return new Way(
        name,
        number,
        noise(fresh),
        Source.FOLDER,
        (request, listener) -> model.sample(request, number, fresh, listener));
  }

  private Way asChosen(DiffusionModel model) {
    Sampler named = sampler.orElseGet(() -> SamplingDefaults.sampler(model.process(), spacing));
    if (named != Sampler.DDIM) {
      requireNoEta(sampler.isPresent() ? Word.of(named) : Word.of(named) + " unless one is named");
    }
    SamplingConfig sampling =
        new SamplingConfig(
            named,
            steps(SamplingDefaults.steps(named, model.process()), all(model)),
            eta,
            spacing.orElseGet(() -> Spacing.suiting(named)));
    return new Way(
        Word.of(named),
        sampling.steps(),
        String.format(Locale.ROOT, ", %s spacing%s", Word.of(sampling.spacing()), noise(eta)),
        sampler.isPresent() ? Source.CALLER : Source.DEFAULT,
        (request, listener) -> model.sample(request, sampling, listener));
  }

  private static String noise(double eta) {
    return eta == 0 ? "" : ", eta " + eta;
  }

  private int steps(int usual, int all) {
    int number = steps.orElse(Math.min(all, usual));
    if (number < 1 || number > all) {
      throw new UserException(
          String.format(
              Locale.ROOT, "--steps is %d; allowed: 1…%d, the steps of the model", number, all));
    }
    return number;
  }

  private static int all(DiffusionModel model) {
    return model.process().schedule().steps();
  }
}
