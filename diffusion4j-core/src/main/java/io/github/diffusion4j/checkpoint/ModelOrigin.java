package io.github.diffusion4j.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Which program trained the model in a folder. */
public enum ModelOrigin {
  /** This library. */
  DIFFUSION4J,
  /** Another one, or nobody knows. */
  OTHER;

  /** Python's diffusers passes over options that begin with an underscore. */
  private static final String TRAINED_WITH = "_trained_with";

  private static final String NAME = "diffusion4j";

  /** Returns what the folder of a model says; a checkpoint of a training of ours says it twice. */
  public static ModelOrigin of(Path folder) throws IOException {
    Path index = folder.resolve(DiffusersPipeline.INDEX);
    boolean marked =
        Files.isRegularFile(index) && OptionFile.read(index).text(TRAINED_WITH, "").equals(NAME);
    return marked || Files.exists(folder.resolve(TrainingState.NUMBERS)) ? DIFFUSION4J : OTHER;
  }

  /** Adds what the folder of a model has to say to the options of its index. */
  Map<String, Object> with(Map<String, Object> index) {
    Map<String, Object> options = new TreeMap<>(index);
    if (this == DIFFUSION4J) {
      options.put(TRAINED_WITH, NAME);
    }
    return options;
  }
}
