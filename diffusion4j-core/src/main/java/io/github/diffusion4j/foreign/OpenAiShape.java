package io.github.diffusion4j.foreign;

import io.github.diffusion4j.checkpoint.TensorForm;
import io.github.diffusion4j.config.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the tensors of OpenAI's {@code UNetModel} say about it.
 *
 * @param inputs channels of what it is given
 * @param outputs channels of its answer
 * @param timeFeatures sines and cosines of the time; the widths are multiples of this
 * @param widths channels of each level, from full resolution down
 * @param blocksPerLevel residual blocks per level on the way down; one more on the way up
 * @param attention whether each level has attention, from full resolution down
 * @param scaleShift whether the time scales and shifts, or only shifts
 * @param residualResampling whether residual blocks change the resolution, or convolutions do
 * @param classes number of labels
 */
record OpenAiShape(
    int inputs,
    int outputs,
    int timeFeatures,
    List<Integer> widths,
    int blocksPerLevel,
    List<Boolean> attention,
    boolean scaleShift,
    boolean residualResampling,
    Optional<Integer> classes) {
  private static final Pattern INDEX = Pattern.compile("(input|output)_blocks\\.(\\d{1,4})\\..*");
  private static final Pattern UPSAMPLER =
      Pattern.compile("output_blocks\\.(\\d{1,4})\\.[12]\\.(conv|in_layers\\.0)\\.weight");

  /**
   * Reads the shape of a network.
   *
   * @throws UserException if the tensors are those of another network
   */
  static OpenAiShape of(Map<String, TensorForm> tensors) {
    if (tensors.keySet().stream().noneMatch(name -> name.startsWith("output_blocks."))) {
      throw new UserException(
          "it holds a classifier (it has no output_blocks); allowed: a denoising network");
    }
    int inputs = indices(tensors, "input");
    int outputs = indices(tensors, "output");
    TreeSet<Integer> upsamplers = new TreeSet<>();
    boolean residual = false;
    for (String name : tensors.keySet()) {
      Matcher matcher = UPSAMPLER.matcher(name);
      if (matcher.matches()) {
        upsamplers.add(Integer.valueOf(matcher.group(1)));
        residual |= !matcher.group(2).equals("conv");
      }
    }
    int levels = upsamplers.size() + 1;
    int blocks = upsamplers.isEmpty() ? outputs - 1 : upsamplers.first();
    if (blocks < 1 || outputs != levels * (blocks + 1) || inputs != outputs) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "it has %d input_blocks and %d output_blocks, which fit no number of levels and blocks",
              inputs,
              outputs));
    }
    return of(tensors, levels, blocks, residual);
  }

  private static OpenAiShape of(
      Map<String, TensorForm> tensors, int levels, int blocks, boolean residual) {
    List<Integer> widths = new ArrayList<>();
    List<Boolean> attention = new ArrayList<>();
    for (int level = 0; level < levels; level++) {
      String first = "input_blocks." + (1 + level * (blocks + 1));
      widths.add(extent(tensors, first + ".0.out_layers.0.weight", 0));
      attention.add(tensors.containsKey(first + ".1.qkv.weight"));
    }
    int told = extent(tensors, "middle_block.0.emb_layers.1.weight", 0);
    int lowest = widths.get(levels - 1);
    return new OpenAiShape(
        extent(tensors, "input_blocks.0.0.weight", 1),
        extent(tensors, "out.2.weight", 0),
        extent(tensors, "time_embed.0.weight", 1),
        List.copyOf(widths),
        blocks,
        List.copyOf(attention),
        told == 2 * lowest,
        residual,
        tensors.containsKey("label_emb.weight")
            ? Optional.of(extent(tensors, "label_emb.weight", 0))
            : Optional.empty());
  }

  /** Returns how many blocks there are; one that has no tensors changes the resolution without. */
  private static int indices(Map<String, TensorForm> tensors, String side) {
    TreeSet<Integer> found = new TreeSet<>();
    for (String name : tensors.keySet()) {
      Matcher matcher = INDEX.matcher(name);
      if (matcher.matches() && matcher.group(1).equals(side)) {
        found.add(Integer.valueOf(matcher.group(2)));
      }
    }
    for (int i = 0; i < found.size(); i++) {
      if (!found.contains(i)) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "it has no tensors of %s_blocks.%d, as networks with conv_resample False, which are not supported yet",
                side,
                i));
      }
    }
    return found.size();
  }

  private static int extent(Map<String, TensorForm> tensors, String name, int dimension) {
    TensorForm form = tensors.get(name);
    if (form == null) {
      throw new UserException("it lacks the tensor " + name);
    }
    if (form.shape().size() <= dimension || form.elements() > Integer.MAX_VALUE) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "its tensor %s is %s; allowed: fewer than 2^31 elements, and dimension %d",
              name,
              form.shape(),
              dimension));
    }
    return form.shape().get(dimension).intValue();
  }

  /** Returns the number of levels. */
  int levels() {
    return widths.size();
  }

  /** Returns the widths that attention has, on the way down and in the middle. */
  List<Integer> attentionWidths() {
    List<Integer> found = new ArrayList<>(List.of(widths.get(levels() - 1)));
    for (int level = 0; level < levels(); level++) {
      if (attention.get(level)) {
        found.add(widths.get(level));
      }
    }
    return found;
  }
}
