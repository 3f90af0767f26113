package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.config.ModelOptions;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A model that is no diffusion model in a folder; its class names are our own, which Python
 * refuses.
 *
 * <pre>
 * model_index.json
 * network/config.json
 * network/diffusion_pytorch_model.safetensors
 * </pre>
 *
 * @param family the shape of its networks
 * @param weightsFile where its weights are
 */
public record BaselineFolder(FamilyConfig family, Path weightsFile) {
  private static final String NETWORK_FOLDER = "network";
  private static final String CLASS = "_class_name";
  private static final String LIBRARY = "diffusion4j";
  private static final String GROUP = "family";

  /** Writes a model into a folder, which is made if it does not exist. */
  public static void write(Path folder, FamilyConfig family, Map<String, Tensor> weights)
      throws IOException {
    Path network = Files.createDirectories(folder.resolve(NETWORK_FOLDER));
    Map<String, Object> options = new TreeMap<>(ModelOptions.of(family));
    options.put(CLASS, LIBRARY + "." + type(family.word()));
    AtomicFile.write(network.resolve(DiffusersPipeline.NETWORK_OPTIONS), PythonJson.bytes(options));
    Safetensors.write(network.resolve(DiffusersPipeline.WEIGHTS), weights, Map.of("format", "pt"));
    AtomicFile.write(
        folder.resolve(DiffusersPipeline.INDEX),
        PythonJson.bytes(
            Map.of(
                CLASS,
                pipeline(family.word()),
                "_diffusers_version",
                DiffusersPipeline.DIFFUSERS_VERSION,
                NETWORK_FOLDER,
                List.of(LIBRARY, type(family.word())))));
  }

  private static String pipeline(String word) {
    return String.format(Locale.ROOT, "%s.%sPipeline", LIBRARY, type(word));
  }

  private static String type(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  /** Returns the word for the family of the model in {@code folder}; nothing for all others. */
  public static Optional<String> family(Path folder) throws IOException {
    Path index = folder.resolve(DiffusersPipeline.INDEX);
    if (!Files.isRegularFile(index)) {
      return Optional.empty();
    }
    String name = OptionFile.read(index).text(CLASS, "");
    return FamilyConfig.words().stream().filter(word -> pipeline(word).equals(name)).findFirst();
  }

  /** Refuses a folder that holds such a model where a diffusion model is needed. */
  static void refuse(Path folder) throws IOException {
    Optional<String> word = family(folder);
    if (word.isPresent()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s holds a model of the family %s, which has no diffusion process; allowed here: a diffusion model",
              folder,
              word.get()));
    }
  }

  /**
   * Reads what the folder says about its model; the weights stay on the disk.
   *
   * @throws UserException if it holds none, or one that cannot be built
   */
  public static BaselineFolder read(Path folder) throws IOException {
    if (family(folder).isEmpty()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s holds no model of the families %s",
              folder,
              String.join(", ", FamilyConfig.words())));
    }
    Path network = folder.resolve(NETWORK_FOLDER);
    Path file = network.resolve(DiffusersPipeline.NETWORK_OPTIONS);
    if (!Files.isRegularFile(file)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s has no %s/%s",
              folder,
              NETWORK_FOLDER,
              DiffusersPipeline.NETWORK_OPTIONS));
    }
    OptionFile options = OptionFile.read(file);
    options.supportOnlyNames(Set.of(GROUP));
    FamilyConfig family = options.explained(() -> ModelOptions.readFamily(options.only(GROUP)));
    return new BaselineFolder(family, WeightFiles.find(network));
  }

  /**
   * Reads the weights.
   *
   * @return parameters by name, F32, in the scope that is open on this thread
   * @throws IOException if a file is damaged or missing, or holds too little for the networks
   */
  public Map<String, Tensor> weights() throws IOException {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      for (Map.Entry<String, Tensor> stored :
          WeightFiles.read(weightsFile, Precision.SINGLE).entrySet()) {
        weights.put(
            stored.getKey(),
            scope.keep(TensorFile.requireReal(weightsFile, stored.getKey(), stored.getValue())));
      }
      NetworkSize.requireFilledBy(weights, family, weightsFile);
      return weights;
    }
  }
}
