package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.KnownAnswer;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;

/**
 * Known answers for the layers of networks, each kind and shape once: which they are is read off
 * the names and shapes of the parameters.
 */
public final class LayerAnswers {
  private static final Pattern HALVING = Pattern.compile("downsamplers|halvings|levels\\..*conv2");
  private static final Pattern DOUBLING = Pattern.compile("upsamplers|doubling");
  private static final int BATCH = 2;

  /** Wide layers are those of small images. */
  private static final int WIDE = 128;

  private final Map<String, KnownAnswer> answers = new LinkedHashMap<>();

  /** Begins with the functions that have no parameters. */
  public LayerAnswers() {
    add(KnownAnswer.function("SiLU", Functions::silu));
    add(KnownAnswer.function("leaky ReLU", x -> Functions.leakyRelu(x, 0.2)));
    add(KnownAnswer.function("average pooling", Functions::averagePool));
    add(KnownAnswer.function("nearest neighbor", x -> Functions.upsampleNearest(x, 16, 20)));
    add(KnownAnswer.function("filter", x -> Fir.halve(x, 1)));
    add(KnownAnswer.function("spreading filter", x -> Fir.twice(x, 1)));
  }

  /**
   * Adds the layers of a network.
   *
   * @param parameters its parameters by their names; values are not read
   * @param groups how many groups a norm of so many channels has
   * @param heads how many heads an attention of so many channels has
   */
  public void add(Map<String, Tensor> parameters, IntUnaryOperator groups, IntUnaryOperator heads) {
    parameters.forEach(
        (name, value) -> {
          if (name.endsWith("weight")) {
            add(name, value, groups, heads);
          }
        });
  }

  /** Returns those that were added. */
  public List<KnownAnswer> list() {
    return new ArrayList<>(answers.values());
  }

  private void add(String name, Tensor weight, IntUnaryOperator groups, IntUnaryOperator heads) {
    int out = (int) weight.size(0);
    int rank = weight.shape().length;
    int size = out > WIDE ? 8 : 14;
    if (rank == 4) {
      addConvolution(name, (int) weight.size(1), out, (int) weight.size(2), size);
    } else if (rank == 2) {
      add(KnownAnswer.linear(16, (int) weight.size(1), out));
      if (name.endsWith("to_q.weight")) {
        int count = heads.applyAsInt(out);
        add(KnownAnswer.attention(BATCH, count, size * size, out / count));
      }
    } else if (name.contains("norm")) {
      add(KnownAnswer.groupNorm(out, groups.applyAsInt(out), BATCH, size));
    }
  }

  private void addConvolution(String name, int in, int out, int kernel, int size) {
    add(KnownAnswer.convolution(in, out, kernel, 1, 1, BATCH, size));
    if (HALVING.matcher(name).find()) {
      add(KnownAnswer.convolution(in, out, kernel, 2, 1, BATCH, size));
    }
    if (DOUBLING.matcher(name).find()) {
      add(KnownAnswer.transposed(in, out, 4, BATCH, size / 2)); // see EnlargedConvolution
    }
  }

  private void add(KnownAnswer answer) {
    answers.put(answer.kind() + " " + answer.name(), answer);
  }
}
