package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a file or folder holds, found without reading the elements of any tensor.
 *
 * @param kind what it is
 * @param pipeline the diffusion model that it says it is; a file alone does not say
 * @param family the model of another family that it says it is
 * @param files where the elements of its tensors are
 * @param tensors all tensors by name, in the order of the files
 * @param notes texts and numbers beside the tensors, such as the metadata of a safetensors file
 */
public record Inspection(
    Kind kind,
    Optional<DiffusersPipeline> pipeline,
    Optional<FamilyConfig> family,
    List<Path> files,
    Map<String, TensorForm> tensors,
    Map<String, String> notes) {

  /** What a path can lead to. */
  public enum Kind {
    /** A folder in the layout of diffusers, or the folder of a network in it. */
    DIFFUSERS_FOLDER("folder in the layout of diffusers"),
    /** The folder of a model that is no diffusion model. */
    OWN_FOLDER("folder of a model of another family"),
    /** The folder of a training run with checkpoints, or its folder of checkpoints. */
    RUN_DIRECTORY("run directory, its latest checkpoint"),
    /** One safetensors file. */
    SAFETENSORS("safetensors file"),
    /** The index of several files. */
    SHARDS("index of several files"),
    /** One file of PyTorch. */
    TORCH_FILE("PyTorch file");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * Looks at a file or folder.
   *
   * @throws IOException if a file is damaged, or is neither safetensors nor from PyTorch
   * @throws UserException if there is nothing, the folder holds no model, or the model has a
   *     feature that this library does not have
   */
  public static Inspection of(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return ofFile(path);
    }
    Path folder = ModelSource.resolve(path);
    if (BaselineFolder.family(folder).isPresent()) {
      BaselineFolder stored = BaselineFolder.read(folder);
      return ofFolder(
          folder.equals(path) ? Kind.OWN_FOLDER : Kind.RUN_DIRECTORY,
          Optional.empty(),
          Optional.of(stored.family()),
          stored.weightsFile());
    }
    DiffusersPipeline pipeline = DiffusersPipeline.read(folder);
    return ofFolder(
        folder.equals(path) ? Kind.DIFFUSERS_FOLDER : Kind.RUN_DIRECTORY,
        Optional.of(pipeline),
        Optional.empty(),
        pipeline.weightsFile());
  }

  private static Inspection ofFolder(
      Kind kind,
      Optional<DiffusersPipeline> pipeline,
      Optional<FamilyConfig> family,
      Path weightsFile)
      throws IOException {
    List<Path> files = WeightFiles.parts(weightsFile);
    return new Inspection(
        kind, pipeline, family, files, WeightFiles.forms(weightsFile), metadata(files));
  }

  private static Inspection ofFile(Path file) throws IOException {
    if (WeightFiles.isIndex(file)) {
      List<Path> files = WeightFiles.parts(file);
      return new Inspection(
          Kind.SHARDS,
          Optional.empty(),
          Optional.empty(),
          files,
          WeightFiles.forms(file),
          metadata(files));
    }
    TensorFile tensors = TensorFile.open(file);
    Kind kind = WeightFiles.isSafetensors(file) ? Kind.SAFETENSORS : Kind.TORCH_FILE;
    return new Inspection(
        kind,
        Optional.empty(),
        Optional.empty(),
        List.of(file),
        tensors.tensors(),
        tensors.notes());
  }

  private static Map<String, String> metadata(List<Path> files) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Path file : files) {
      if (WeightFiles.isSafetensors(file)) {
        metadata.putAll(Safetensors.readHeader(file).metadata());
      }
    }
    return metadata;
  }

  /** Returns whether it says what model it is. */
  public boolean isModel() {
    return pipeline.isPresent() || family.isPresent();
  }

  /** Returns the number of elements of all tensors. */
  public long elements() {
    return tensors.values().stream().mapToLong(TensorForm::elements).reduce(0, Math::addExact);
  }

  /** Returns the number of tensors of each element type that occurs. */
  public Map<DType, Integer> types() {
    Map<DType, Integer> types = new TreeMap<>();
    tensors.values().forEach(form -> types.merge(form.type(), 1, Integer::sum));
    return types;
  }
}
