package io.github.diffusion4j.foreign;

import io.github.diffusion4j.checkpoint.TensorFile;
import io.github.diffusion4j.config.Activation;
import io.github.diffusion4j.config.BlockConfig;
import io.github.diffusion4j.config.BlockConfig.Resampling;
import io.github.diffusion4j.config.BlockConfig.TimeConditioning;
import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.HeadCount;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.MiddleKind;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ProcessConfig.PredictionTarget;
import io.github.diffusion4j.config.ProcessConfig.VarianceChoice;
import io.github.diffusion4j.config.ProcessConfig.X0Range;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The networks of OpenAI's improved-diffusion and guided-diffusion.
 *
 * <p>Most of a network follows from the shapes of its tensors; flags that repeat it must agree. The
 * rest has the projects' defaults. Where these differ, a file is improved-diffusion's, unless it or
 * a flag has what only guided-diffusion knows.
 */
final class OpenAiFamily implements Family {
  private static final int GROUPS = 32;
  private static final int COLORS = 3;

  @Override
  public String title() {
    return "OpenAI's improved-diffusion or guided-diffusion";
  }

  @Override
  public boolean recognizes(Set<String> names) {
    return names.containsAll(
        Set.of(
            "time_embed.0.weight", "input_blocks.0.0.weight", "middle_block.0.in_layers.0.weight"));
  }

  @Override
  public ForeignModel read(TensorFile file, Flags given) {
    OpenAiShape shape = OpenAiShape.of(file.tensors());
    requireImages(shape);
    OpenAiFlags flags = new OpenAiFlags(given, shape);
    ScheduleConfig schedule = schedule(flags);
    UNetConfig network = network(shape, flags, schedule.steps());
    ProcessConfig process = process(flags, schedule);
    OpenAiNames names = new OpenAiNames(shape);
    file.tensors().keySet().forEach(names::parameter);
    OpenAiWeights weights = new OpenAiWeights(names, network, order(flags));
    return new ForeignModel(network, process, flags.notes(), () -> weights.read(file));
  }

  private static void requireImages(OpenAiShape shape) {
    int channels = shape.inputs();
    boolean enlarges = channels == 2 * COLORS || shape.outputs() < channels;
    if (enlarges || (shape.outputs() != channels && shape.outputs() != 2 * channels)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "its network makes %d channels of %d%s; allowed: as many, or twice as many",
              shape.outputs(),
              channels,
              enlarges ? ", as those do that enlarge images, which are not supported yet" : ""));
    }
  }

  private static UNetConfig network(OpenAiShape shape, OpenAiFlags flags, int steps) {
    List<BlockKind> blocks =
        shape.attention().stream()
            .map(
                attends ->
                    attends
                        ? BlockKind.ATTENTION
                        : shape.residualResampling()
                            ? BlockKind.RESAMPLING_RESIDUAL
                            : BlockKind.RESIDUAL)
            .toList();
    return new UNetConfig(
        shape.inputs(),
        flags.imageSize(),
        shape.widths(),
        blocks,
        MiddleKind.ATTENTION,
        shape.blocksPerLevel(),
        layers(shape, flags, steps),
        shape.classes(),
        shape.outputs() == shape.inputs() ? Optional.empty() : Optional.of(shape.outputs()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static LayerConfig layers(OpenAiShape shape, OpenAiFlags flags, int steps) {
    Resampling resampling =
        shape.residualResampling() ? Resampling.RESIDUAL : Resampling.CONVOLUTION;
    BlockConfig block =
        new BlockConfig(
            Activation.SILU,
            shape.scaleShift() ? TimeConditioning.SCALE_SHIFT : TimeConditioning.SHIFT,
            resampling,
            resampling,
            shape.scaleShift() ? Optional.of(GROUPS) : Optional.empty(),
            1);
    Optional<Integer> given = flags.whole("num_head_channels");
    Optional<HeadCount> heads =
        given.isPresent() ? Optional.empty() : Optional.of(heads(flags, shape));
    Optional<Integer> width = given.or(() -> heads.flatMap(count -> commonWidth(shape, count)));
    requireDivisor(shape, flags, "num_head_channels", given.orElse(1));
    boolean oneHead = heads.equals(Optional.of(new HeadCount(1, Optional.empty())));
    return new LayerConfig(
        GROUPS,
        1e-5,
        flags.number("dropout", 0),
        oneHead ? Optional.empty() : width,
        LayerConfig.Downsampling.SYMMETRIC,
        time(shape, flags, steps),
        LayerConfig.Initialization.TORCH_ZERO,
        Optional.of(block),
        oneHead || width.isPresent() ? Optional.empty() : heads);
  }

  private static HeadCount heads(OpenAiFlags flags, OpenAiShape shape) {
    int down = flags.whole("num_heads", 4);
    requireDivisor(shape, flags, "num_heads", down);
    Optional<Integer> up = flags.whole("num_heads_upsample");
    up.ifPresent(count -> requireDivisor(shape, flags, "num_heads_upsample", count));
    return new HeadCount(down, up);
  }

  private static void requireDivisor(
      OpenAiShape shape, OpenAiFlags flags, String name, int number) {
    if (number < 1 || shape.attentionWidths().stream().anyMatch(width -> width % number != 0)) {
      throw flags.wrong(
          name, "a divisor of the widths that attention has, " + shape.attentionWidths());
    }
  }

  /** Returns the width that all heads have, if it is one. */
  private static Optional<Integer> commonWidth(OpenAiShape shape, HeadCount heads) {
    Set<Integer> widths = new TreeSet<>();
    for (int width : shape.attentionWidths()) {
      widths.add(width / heads.down());
    }
    for (int level = 0; level < shape.levels(); level++) {
      if (shape.attention().get(level)) {
        widths.add(shape.widths().get(level) / heads.up().orElse(heads.down()));
      }
    }
    return widths.size() == 1 ? widths.stream().findFirst() : Optional.empty();
  }

  private static TimeEmbeddingConfig time(OpenAiShape shape, OpenAiFlags flags, int steps) {
    int first = shape.widths().get(0);
    int features = shape.timeFeatures();
    boolean rescales = steps != 1000 && flags.truth("rescale_timesteps", !flags.isGuided());
    Optional<Integer> count = features == first ? Optional.empty() : Optional.of(features);
    return new TimeEmbeddingConfig(
        TimeEmbeddingConfig.Order.COS_SIN,
        0,
        rescales || count.isPresent()
            ? Optional.of(new TimeFeatures.Scaled(rescales ? 1000.0 / steps : 1, count))
            : Optional.empty(),
        count.map(number -> 4 * number));
  }

  private static ScheduleConfig schedule(OpenAiFlags flags) {
    int steps = flags.whole("diffusion_steps", 1000);
    if (steps < 1) {
      throw flags.wrong("diffusion_steps", "a whole number above 0");
    }
    return switch (flags.text("noise_schedule", "linear")) {
      case "linear" -> linear(flags, steps);
      case "cosine" -> new ScheduleConfig.Cosine(steps);
      default -> throw flags.wrong("noise_schedule", "linear, cosine");
    };
  }

  /** Ho's, with as much noise in all however many steps there are. */
  private static ScheduleConfig linear(OpenAiFlags flags, int steps) {
    double end = 1000.0 / steps * 0.02;
    if (end >= 1) {
      throw flags.wrong("diffusion_steps", "more than 20, with the linear noise_schedule");
    }
    return new ScheduleConfig.Linear(steps, 1000.0 / steps * 1e-4, end);
  }

  private static ProcessConfig process(OpenAiFlags flags, ScheduleConfig schedule) {
    VarianceChoice variance =
        flags.learnsSigma()
            ? VarianceChoice.LEARNED_RANGE
            : flags.truth("sigma_small", false) ? VarianceChoice.BETA_TILDE : VarianceChoice.BETA;
    return new ProcessConfig(
        schedule,
        flags.truth("predict_xstart", false) ? PredictionTarget.X0 : PredictionTarget.EPSILON,
        variance,
        flags.truth("clip_denoised", true) ? X0Range.CLIP_TO_DATA : X0Range.UNBOUNDED);
  }

  private static OpenAiWeights.Order order(OpenAiFlags flags) {
    return flags.truth("use_new_attention_order", false)
        ? OpenAiWeights.Order.KIND_BY_KIND
        : OpenAiWeights.Order.HEAD_BY_HEAD;
  }
}
