package io.github.diffusion4j.foreign;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Checkpoints of lucidrains' own code, and what that code computes with them. */
record LucidGolden(String name, String flags) {
  static final LucidGolden PLAIN = new LucidGolden("plain", "--image_size 8");
  static final LucidGolden OPTIONS =
      new LucidGolden(
          "options",
          "--image_size 8 --channels 1 --objective pred_x0 --beta_schedule linear --timesteps 9");
  static final LucidGolden SELF =
      new LucidGolden("self", "--image_size 8 --sinusoidal_pos_emb_theta 5000");
  static final LucidGolden VARIANCE = new LucidGolden("variance", "--image_size 8");
  static final LucidGolden GROUPED =
      new LucidGolden("grouped", "--image_size 8 --resnet_block_groups 4");
  static final LucidGolden PRENORM =
      new LucidGolden("prenorm", "--image_size 8 --resnet_block_groups 4");
  static final LucidGolden STANDARDIZED =
      new LucidGolden("standardized", "--image_size 8 --resnet_block_groups=2");

  private static final Path FOLDER = Path.of("src/test/resources/golden/lucid");

  Path file() {
    return FOLDER.resolve(name + ".pt");
  }

  ForeignModel model() throws IOException {
    return Families.read(file(), Flags.parse(flags));
  }

  /** Returns what was computed; in the scope that is open. */
  Map<String, Tensor> computed() throws IOException {
    return Safetensors.read(FOLDER.resolve(name + ".safetensors"));
  }

  static Tensor named(Map<String, Tensor> computed, String name) {
    return requireNonNull(computed.get(name), name);
  }

  /** Returns the largest difference, relative to the largest expected magnitude. */
  static double distance(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).containsExactly(expected.shape());
    return largest(actual.minus(expected)) / Math.max(largest(expected), 1e-6);
  }

  private static double largest(Tensor x) {
    double largest = 0;
    for (double value : x.toDoubles()) {
      assertThat(value).isFinite();
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  @Override
  public String toString() {
    return name;
  }
}
