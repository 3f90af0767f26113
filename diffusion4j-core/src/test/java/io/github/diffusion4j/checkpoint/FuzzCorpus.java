package io.github.diffusion4j.checkpoint;

import static java.util.Objects.requireNonNull;

import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The valid folders that a {@link WeightFuzz} begins with, one or more of each form. */
final class FuzzCorpus {
  private static final String STEM = "diffusion_pytorch_model";
  static final String CONFIG = "config.json";

  private FuzzCorpus() {}

  /** Returns all folders; {@code scratch} is a folder for files that are made on the way. */
  static List<FuzzCase> make(Path scratch) throws IOException {
    byte[] config = golden("unet/tiny/config.json");
    List<FuzzCase> cases = new ArrayList<>();
    byte[] mixed = safetensors(scratch, "a", DType.values());
    cases.add(of("safetensors", CONFIG, config, STEM + ".safetensors", mixed));
    cases.add(
        of(
            "safetensors",
            CONFIG,
            config,
            STEM + ".fp16.safetensors",
            safetensors(scratch, "conv_in.w", DType.F16, DType.BF16, DType.F64)));
    byte[] real = safetensors(scratch, "a", DType.F32, DType.F16);
    cases.add(shards(scratch, config));
    for (String zip : List.of("torch/today.pt", "torch/linear.bin", "torch/evil.pt")) {
      cases.add(of("zip", CONFIG, config, STEM + ".bin", golden(zip)));
    }
    cases.add(of("zip", CONFIG, config, STEM + ".pth", golden("weights/" + STEM + ".fp16.bin")));
    cases.add(of("legacy", CONFIG, config, STEM + ".bin", golden("torch/legacy.pt")));
    cases.add(of("legacy", CONFIG, config, STEM + ".pt", golden("torch/evil.pkl")));
    for (String options : List.of("learned", "fourier", "scale_shift", "timestep")) {
      cases.add(options(golden("unet/options/" + options + "/config.json"), real));
    }
    return cases;
  }

  private static FuzzCase shards(Path scratch, byte[] config) throws IOException {
    String index =
        """
        {"metadata": {"total_size": 56}, "weight_map": {
          "a.F32": "%1$s-00001-of-00002.safetensors",
          "a.F16": "%1$s-00001-of-00002.safetensors",
          "b.F64": "%1$s-00002-of-00002.safetensors"}}
        """
            .formatted(STEM);
    return of(
        "shards",
        CONFIG,
        config,
        STEM + ".safetensors.index.json",
        index.getBytes(StandardCharsets.UTF_8),
        STEM + "-00001-of-00002.safetensors",
        safetensors(scratch, "a", DType.F32, DType.F16),
        STEM + "-00002-of-00002.safetensors",
        safetensors(scratch, "b", DType.F64));
  }

  private static FuzzCase options(byte[] config, byte[] weights) {
    String scheduler =
        """
        {"_class_name": "DPMSolverMultistepScheduler", "_diffusers_version": "0.40.0",
         "algorithm_type": "dpmsolver++", "beta_end": 0.02, "beta_schedule": "linear",
         "beta_start": 0.0001, "euler_at_final": false, "final_sigmas_type": "zero",
         "lower_order_final": true, "num_train_timesteps": 1000, "prediction_type": "epsilon",
         "solver_order": 2, "solver_type": "midpoint", "steps_offset": 0, "thresholding": false,
         "timestep_spacing": "linspace", "trained_betas": [0.001, 0.002, 0.01, 0.02],
         "use_karras_sigmas": true}
        """;
    String index =
        """
        {"_class_name": "DDPMPipeline", "_diffusers_version": "0.40.0",
         "scheduler": ["diffusers", "DPMSolverMultistepScheduler"],
         "unet": ["diffusers", "UNet2DModel"]}
        """;
    return of(
        "options",
        CONFIG,
        config,
        "scheduler_config.json",
        scheduler.getBytes(StandardCharsets.UTF_8),
        "model_index.json",
        index.getBytes(StandardCharsets.UTF_8),
        STEM + ".safetensors",
        weights);
  }

  private static byte[] safetensors(Path scratch, String name, DType... types) throws IOException {
    Path file = scratch.resolve("seed.safetensors");
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (DType type : types) {
        tensors.put(name + "." + type, Tensor.of(new float[] {1, 0, 1, 1}, 2, 2).to(type));
      }
      Safetensors.write(file, tensors, Map.of("format", "pt"));
    }
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    return bytes;
  }

  private static FuzzCase of(String corpus, Object... namesAndContents) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      files.put((String) namesAndContents[i], (byte[]) namesAndContents[i + 1]);
    }
    return new FuzzCase(corpus, files);
  }

  private static byte[] golden(String name) throws IOException {
    try {
      return Files.readAllBytes(
          Path.of(requireNonNull(FuzzCorpus.class.getResource("/golden/" + name)).toURI()));
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
