package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.RunConfig;
import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a training run needs beside the model to go on exactly where it stopped; random streams and
 * the order of the data follow from seed and step, so they are not part of it.
 *
 * <p>Two runs that are limited by steps and alike in everything write the same bytes: the time they
 * took is kept only where the budget limits it.
 *
 * @param progress how far training has come
 * @param config the experiment
 * @param dataFingerprint names the training images, so that a resumption on others is noticed
 * @param tensors weights that are not averaged, moments of the optimizer and whatever else the
 *     trainer wants to find again, by name
 */
public record TrainingState(
    Progress progress, RunConfig config, String dataFingerprint, Map<String, Tensor> tensors) {

  /**
   * How far training has come.
   *
   * @param step steps of the optimizer that are done
   * @param imagesSeen images that went through the network, repetitions counted
   * @param elapsedSeconds of training; kept in the file only if the budget limits minutes
   */
  public record Progress(long step, long imagesSeen, double elapsedSeconds) {}

  static final String NUMBERS = "training_state.json";
  private static final String TENSORS = "training_state.safetensors";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Writes the two files of a state into {@code folder}. */
  void write(Path folder) throws IOException {
    ObjectNode numbers = JSON.createObjectNode();
    numbers.put("step", progress.step()).put("imagesSeen", progress.imagesSeen());
    if (config.training().budget().maxMinutes().isPresent()) {
      numbers.put("elapsedSeconds", progress.elapsedSeconds());
    }
    numbers.put("dataFingerprint", dataFingerprint);
    numbers.set("config", JSON.readTree(ConfigFiles.toJson(config)));
    AtomicFile.write(folder.resolve(NUMBERS), JSON.writeValueAsString(numbers) + "\n");
    Safetensors.write(folder.resolve(TENSORS), tensors, Map.of("format", "pt"));
  }

  /**
   * Reads the state in {@code checkpoint}; its tensors belong to the scope that is open on this
   * thread.
   */
  public static TrainingState read(Path checkpoint) throws IOException {
    Path file = checkpoint.resolve(NUMBERS);
    JsonNode numbers = numbers(file);
    return new TrainingState(
        progress(numbers),
        ConfigFiles.runFromJson(numbers.path("config").toString(), file.toString()),
        numbers.path("dataFingerprint").stringValue(),
        Safetensors.read(checkpoint.resolve(TENSORS)));
  }

  /** Reads how far the training of a checkpoint had come, and nothing else of its state. */
  public static Optional<Progress> progress(Path checkpoint) throws IOException {
    Path file = checkpoint.resolve(NUMBERS);
    return Files.exists(file) ? Optional.of(progress(numbers(file))) : Optional.empty();
  }

  private static Progress progress(JsonNode numbers) {
    return new Progress(
        numbers.path("step").longValue(),
        numbers.path("imagesSeen").longValue(),
        numbers.path("elapsedSeconds").asDouble(0));
  }

  private static JsonNode numbers(Path file) throws IOException {
    JsonNode numbers;
    try {
      numbers = JSON.readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new IOException(
          String.format(Locale.ROOT, "%s is not valid JSON: %s", file, e.getOriginalMessage()), e);
    }
    if (!numbers.path("step").canConvertToLong()
        || !numbers.path("imagesSeen").canConvertToLong()
        || !numbers.path("dataFingerprint").isString()
        || !numbers.path("config").isObject()) {
      throw new IOException(file + " lacks step, imagesSeen, dataFingerprint or config");
    }
    return numbers;
  }
}
