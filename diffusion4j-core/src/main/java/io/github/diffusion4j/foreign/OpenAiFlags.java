package io.github.diffusion4j.foreign;

import io.github.diffusion4j.config.UserException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The flags of improved-diffusion's and guided-diffusion's programs, with their defaults, beside
 * what a file says itself.
 */
final class OpenAiFlags {
  /** What follows from the file; a flag may repeat it. */
  private static final Set<String> OF_SHAPE =
      Set.of(
          "num_channels",
          "num_res_blocks",
          "attention_resolutions",
          "channel_mult",
          "class_cond",
          "use_scale_shift_norm",
          "resblock_updown",
          "learn_sigma");

  /** What a file cannot say. */
  private static final Set<String> BESIDE_SHAPE =
      Set.of(
          "image_size",
          "num_heads",
          "num_heads_upsample",
          "num_head_channels",
          "dropout",
          "use_new_attention_order",
          "sigma_small",
          "diffusion_steps",
          "noise_schedule",
          "predict_xstart",
          "rescale_timesteps",
          "clip_denoised");

  /** What only guided-diffusion has. */
  private static final Set<String> OF_GUIDED =
      Set.of("num_head_channels", "channel_mult", "resblock_updown", "use_new_attention_order");

  /** What matters in training, or for one run of sampling. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "batch_size",
          "classifier_attention_resolutions",
          "classifier_depth",
          "classifier_path",
          "classifier_pool",
          "classifier_resblock_updown",
          "classifier_scale",
          "classifier_use_fp16",
          "classifier_use_scale_shift_norm",
          "classifier_width",
          "data_dir",
          "ema_rate",
          "fp16_scale_growth",
          "log_interval",
          "lr",
          "lr_anneal_steps",
          "microbatch",
          "model_path",
          "num_samples",
          "rescale_learned_sigmas",
          "resume_checkpoint",
          "save_interval",
          "schedule_sampler",
          "timestep_respacing",
          "use_checkpoint",
          "use_ddim",
          "use_fp16",
          "use_kl",
          "weight_decay");

  private static final Set<String> OF_UPSAMPLER =
      Set.of("large_size", "small_size", "base_samples");

  /** Multiples of the first width that belong to a size of images, if no flag says others. */
  private static final Map<Integer, List<Double>> MULTIPLES =
      Map.of(
          32, List.of(1.0, 2.0, 2.0, 2.0),
          64, List.of(1.0, 2.0, 3.0, 4.0),
          128, List.of(1.0, 1.0, 2.0, 3.0, 4.0),
          256, List.of(1.0, 1.0, 2.0, 2.0, 4.0, 4.0),
          512, List.of(0.5, 1.0, 1.0, 2.0, 2.0, 4.0, 4.0));

  /** What the projects have for a number that is not given. */
  private static final int NONE = -1;

  private final Flags flags;
  private final OpenAiShape shape;
  private final Set<String> assumed = new LinkedHashSet<>();

  OpenAiFlags(Flags flags, OpenAiShape shape) {
    this.flags = flags;
    this.shape = shape;
    for (String name : OF_UPSAMPLER) {
      if (flags.has(name)) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "flag --%s is for networks that enlarge images, which are not supported yet",
                name));
      }
    }
    flags.requireKnown(
        Stream.of(OF_SHAPE, BESIDE_SHAPE, LEFT_OUT).flatMap(Collection::stream).toList());
    requireAgreement();
  }

  private void requireAgreement() {
    agree("num_channels", flags.whole("num_channels"), shape.timeFeatures());
    agree("num_res_blocks", flags.whole("num_res_blocks"), shape.blocksPerLevel());
    agree("class_cond", flags.truth("class_cond"), shape.classes().isPresent());
    agree("use_scale_shift_norm", flags.truth("use_scale_shift_norm"), shape.scaleShift());
    agree("resblock_updown", flags.truth("resblock_updown"), shape.residualResampling());
    agree("learn_sigma", flags.truth("learn_sigma"), learnsSigma());
    Optional<List<Double>> multiples =
        flags
            .wholes("channel_mult")
            .map(list -> list.stream().map(Integer::doubleValue).toList())
            .or(() -> flags.whole("image_size").map(MULTIPLES::get));
    if (multiples.isPresent() && !multiples.get().equals(multiples())) {
      throw contradiction(
          flags.has("channel_mult") ? "channel_mult" : "image_size",
          String.format(
              Locale.ROOT,
              "whose levels are %s times %d channels wide",
              joined(multiples()),
              shape.timeFeatures()));
    }
    requireAttention();
  }

  private void requireAttention() {
    Optional<List<Integer>> sizes = flags.wholes("attention_resolutions");
    if (sizes.isEmpty()) {
      return;
    }
    int imageSize = imageSize();
    Set<Integer> factors =
        sizes.get().stream()
            .map(size -> size > 0 ? imageSize / size : 0)
            .collect(Collectors.toSet());
    List<Integer> found = new ArrayList<>();
    boolean same = true;
    for (int level = 0; level < shape.levels(); level++) {
      boolean attends = shape.attention().get(level);
      same &= attends == factors.contains(1 << level);
      if (attends) {
        found.add(imageSize >> level);
      }
    }
    if (!same) {
      throw contradiction(
          "attention_resolutions",
          String.format(
              Locale.ROOT,
              "which has attention at %s of an image_size of %d",
              found.isEmpty() ? "none" : joined(found),
              imageSize));
    }
  }

  private <T> void agree(String name, Optional<T> given, T found) {
    if (given.isPresent() && !given.get().equals(found)) {
      String text = found.toString();
      boolean truth = found instanceof Boolean;
      throw contradiction(
          name,
          "for which it must be "
              + (truth ? Character.toUpperCase(text.charAt(0)) + text.substring(1) : text));
    }
  }

  private UserException contradiction(String name, String file) {
    return new UserException(
        String.format(
            Locale.ROOT,
            "flag --%s is %s, which contradicts the file, %s",
            name,
            flags.text(name).orElseThrow(),
            file));
  }

  private static String joined(List<?> numbers) {
    return numbers.stream()
        .map(number -> number.toString().replaceFirst("\\.0$", ""))
        .collect(Collectors.joining(","));
  }

  private List<Double> multiples() {
    return shape.widths().stream().map(width -> (double) width / shape.timeFeatures()).toList();
  }

  /** Returns height and width of the images. */
  int imageSize() {
    Optional<Integer> given = flags.whole("image_size");
    if (given.isPresent()) {
      return given.get();
    }
    return MULTIPLES.entrySet().stream()
        .filter(entry -> entry.getValue().equals(multiples()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                new UserException(
                    String.format(
                        Locale.ROOT,
                        "flag --image_size is missing; the file does not say it, and its widths, %s times %d, are those of no size",
                        joined(multiples()),
                        shape.timeFeatures())));
  }

  /** Returns whether the answer has a second half, for the variance. */
  boolean learnsSigma() {
    return shape.outputs() == 2 * shape.inputs();
  }

  Optional<Integer> whole(String name) {
    return flags.whole(name).filter(given -> given != NONE);
  }

  int whole(String name, int fallback) {
    return flags.whole(name).orElseGet(() -> assumed(name, fallback));
  }

  double number(String name, double fallback) {
    return flags.number(name).orElse(fallback);
  }

  boolean truth(String name, boolean fallback) {
    return flags.truth(name).orElseGet(() -> assumed(name, fallback));
  }

  String text(String name, String fallback) {
    return flags.text(name).orElseGet(() -> assumed(name, fallback));
  }

  private <T> T assumed(String name, T fallback) {
    String text = fallback.toString();
    assumed.add(
        String.format(
            Locale.ROOT,
            "%s %s",
            name,
            fallback instanceof Boolean b ? (b ? "True" : "False") : text));
    return fallback;
  }

  UserException wrong(String name, String allowed) {
    return flags.has(name)
        ? flags.wrong(name, allowed)
        : new UserException(
            String.format(Locale.ROOT, "flag --%s is missing; allowed: %s", name, allowed));
  }

  /** Returns whether the file or the flags are of guided-diffusion for sure. */
  boolean isGuided() {
    return shape.residualResampling() || OF_GUIDED.stream().anyMatch(flags::has);
  }

  /** Returns what a person should know about the flags, after all of them have been asked for. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!assumed.isEmpty()) {
      notes.add("assumed, as the projects do without a flag: " + String.join(", ", assumed));
    }
    List<String> unused = LEFT_OUT.stream().filter(flags::has).sorted().toList();
    if (!unused.isEmpty()) {
      notes.add("left out, as these say nothing about the network: " + String.join(", ", unused));
    }
    return notes;
  }
}
