package io.github.diffusion4j.foreign;

import io.github.diffusion4j.checkpoint.TensorFile;
import io.github.diffusion4j.config.LucidGeneration;
import io.github.diffusion4j.config.LucidTimeFeatures;
import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * lucidrains' denoising-diffusion-pytorch: what its {@code Trainer} saves, or the state dictionary
 * of its {@code GaussianDiffusion} or of its {@code Unet} alone.
 */
final class LucidFamily implements Family {
  /** What neither names nor shapes of tensors say, as arguments of the constructors there. */
  private static final List<String> FLAGS =
      List.of(
          "image_size",
          "channels",
          "attn_heads",
          "attn_dim_head",
          "resnet_block_groups",
          "sinusoidal_pos_emb_theta",
          "dropout",
          "objective",
          "timesteps",
          "beta_schedule",
          "auto_normalize",
          "version");

  @Override
  public String title() {
    return "lucidrains' denoising-diffusion-pytorch";
  }

  @Override
  public boolean recognizes(Set<String> names) {
    return LucidNames.find(names).isPresent();
  }

  @Override
  public ForeignModel read(TensorFile file, Flags flags) throws IOException {
    flags.requireKnown(FLAGS);
    if (!flags.truth("auto_normalize").orElse(true)) {
      throw flags.wrong("auto_normalize", "True; images are in [-1, 1] here, not in [0, 1]");
    }
    LucidNames names = LucidNames.find(file.tensors().keySet()).orElseThrow();
    List<String> notes = new ArrayList<>(List.of(names.origin()));
    LucidShapes shapes = new LucidShapes(names.network(), file.tensors());
    LucidGeneration generation = LucidRelease.of(shapes, file.notes(), flags, notes);
    LucidUNetConfig network = new LucidArchitecture(shapes, flags).config(generation);
    if (network.time() instanceof LucidTimeFeatures.Fourier) {
      notes.add(
          "the network is taken to see steps of time, not noise levels as in continuous time");
    }
    ProcessConfig process = new LucidProcess(file, names, flags).config(network);
    return new ForeignModel(network, process, notes, () -> weights(file, names.network()));
  }

  private static Map<String, Tensor> weights(TensorFile file, Map<String, String> network)
      throws IOException {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> stored = file.read(network.values());
      Map<String, Tensor> weights = new LinkedHashMap<>();
      network.forEach(
          (ours, theirs) ->
              weights.put(ours, scope.keep(Objects.requireNonNull(stored.get(theirs)))));
      return weights;
    }
  }
}
