package io.github.diffusion4j.checkpoint;

import io.github.diffusion4j.config.MlpConfig;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.ScheduleConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An unconditional or class-conditional model in a folder, laid out as Hugging Face diffusers does:
 * Python's {@code DDPMPipeline.from_pretrained} opens what is written here, and the reverse.
 *
 * <pre>
 * model_index.json
 * unet/config.json
 * unet/diffusion_pytorch_model.safetensors
 * scheduler/scheduler_config.json
 * </pre>
 *
 * <p>A network for points, which diffusers does not have, lies in {@code mlp/} instead. It and
 * networks for images that diffusers does not have carry a class name of our own that Python
 * refuses.
 *
 * <p>Reading also takes the flat layout of the first published models, with all four files in one
 * folder; a training checkpoint of diffusers, whose averaged network {@code unet_ema/} goes first;
 * and the folder of a network alone, whose process is then diffusers' default. Weights may lie in
 * one file or in several with an index, in safetensors or PyTorch's format, in F32, F64, F16 or
 * BF16. Options that are missing have diffusers' defaults; a feature this library lacks is refused
 * by its name.
 *
 * @param network the shape of the network
 * @param process the diffusion process it was trained for
 * @param scheduler how it is meant to be sampled
 * @param weightsFile where its weights are: a file, or the index of several
 */
public record DiffusersPipeline(
    ModelConfig network, ProcessConfig process, PublishedScheduler scheduler, Path weightsFile) {
  /** The release of diffusers whose layout is written. */
  static final String DIFFUSERS_VERSION = "0.40.0";

  static final String INDEX = "model_index.json";
  static final String NETWORK_OPTIONS = "config.json";
  static final String PROCESS_OPTIONS = "scheduler_config.json";
  static final String WEIGHTS = WeightFiles.STEM + ".safetensors";
  static final String NETWORK_FOLDER = "unet";
  static final String AVERAGED_FOLDER = "unet_ema";
  private static final String POINT_NETWORK_FOLDER = "mlp";
  private static final String PROCESS_FOLDER = "scheduler";
  private static final String PIPELINE = "DDPMPipeline";

  /**
   * Writes a model into a folder, which is made if it does not exist; it is to be sampled as in the
   * paper.
   *
   * @param network the shape of the network
   * @param process the process; a schedule that diffusers does not know must be given as a table
   * @param weights the network's parameters by name
   * @throws IllegalArgumentException if diffusers has no such schedule; nothing is written then
   */
  public static void write(
      Path folder, ModelConfig network, ProcessConfig process, Map<String, Tensor> weights)
      throws IOException {
    write(folder, network, process, PublishedScheduler.usual(process), weights);
  }

  /**
   * As the other, with another way of sampling.
   *
   * @throws IllegalArgumentException if diffusers has no such schedule, or {@code scheduler} not
   *     the zero terminal SNR of the process; nothing is written then
   */
  public static void write(
      Path folder,
      ModelConfig network,
      ProcessConfig process,
      PublishedScheduler scheduler,
      Map<String, Tensor> weights)
      throws IOException {
    write(folder, network, process, scheduler, ModelOrigin.OTHER, weights);
  }

  /** As the other, for a model of which it is known who trained it. */
  public static void write(
      Path folder,
      ModelConfig network,
      ProcessConfig process,
      PublishedScheduler scheduler,
      ModelOrigin origin,
      Map<String, Tensor> weights)
      throws IOException {
    byte[] processOptions = PythonJson.bytes(SchedulerWriter.options(process, scheduler));
    Kind kind = Kind.of(network);
    Path networkFolder = Files.createDirectories(folder.resolve(kind.folder()));
    Path processFolder = Files.createDirectories(folder.resolve(PROCESS_FOLDER));
    AtomicFile.write(networkFolder.resolve(NETWORK_OPTIONS), PythonJson.bytes(kind.options()));
    Safetensors.write(networkFolder.resolve(WEIGHTS), weights, Map.of("format", "pt"));
    AtomicFile.write(processFolder.resolve(PROCESS_OPTIONS), processOptions);
    AtomicFile.write(folder.resolve(INDEX), PythonJson.bytes(origin.with(index(kind, scheduler))));
  }

  /** Returns whether {@link #write} can write the schedule as it is, without making it a table. */
  public static boolean knows(ScheduleConfig schedule) {
    return ProcessOptions.knows(schedule);
  }

  /**
   * Returns whether Python opens a folder with such a network. If not, {@link #write} gives it a
   * class name of our own, which Python refuses and {@link #read} knows.
   */
  public static boolean knows(ModelConfig network) {
    return network instanceof UNetConfig unet && NetworkOptions.knows(unet);
  }

  private static Map<String, Object> index(Kind kind, PublishedScheduler scheduler) {
    return Map.of(
        "_class_name",
        kind.pipeline(),
        "_diffusers_version",
        DIFFUSERS_VERSION,
        PROCESS_FOLDER,
        List.of("diffusers", scheduler.solver().className()),
        kind.folder(),
        List.of(kind.library(), kind.networkClass()));
  }

  /** What the layout says of a network, by its kind. */
  private record Kind(
      String pipeline,
      String folder,
      String library,
      String networkClass,
      Map<String, Object> options) {
    static Kind of(ModelConfig network) {
      if (network instanceof MlpConfig mlp) {
        String pipeline = "diffusion4j.PointPipeline";
        return new Kind(pipeline, POINT_NETWORK_FOLDER, "diffusion4j", "Mlp", MlpOptions.of(mlp));
      }
      if (network instanceof UNetConfig unet && NetworkOptions.knows(unet)) {
        Map<String, Object> options = NetworkOptions.of(unet);
        return new Kind(PIPELINE, NETWORK_FOLDER, "diffusers", NetworkOptions.CLASS, options);
      }
      return new Kind(
          "diffusion4j.ImagePipeline",
          NETWORK_FOLDER,
          "diffusion4j",
          "Network",
          OwnNetworkOptions.of(network));
    }
  }

  /**
   * Reads what the folder says about its model; the weights stay on the disk.
   *
   * @throws UserException if a part is missing or uses a feature that this library does not have
   */
  public static DiffusersPipeline read(Path folder) throws IOException {
    BaselineFolder.refuse(folder);
    return read(folder, networkFolder(folder));
  }

  /**
   * As the other, for a folder with a network and its average.
   *
   * @throws UserException also if there is one of them only
   */
  public static DiffusersPipeline read(Path folder, Average average) throws IOException {
    for (String name : List.of(NETWORK_FOLDER, AVERAGED_FOLDER)) {
      if (!Files.isRegularFile(folder.resolve(name).resolve(NETWORK_OPTIONS))) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "%s holds one network only; allowed: %s beside %s",
                folder,
                NETWORK_FOLDER,
                AVERAGED_FOLDER));
      }
    }
    return read(
        folder,
        folder.resolve(
            switch (average) {
              case USE -> AVERAGED_FOLDER;
              case SKIP -> NETWORK_FOLDER;
            }));
  }

  private static DiffusersPipeline read(Path folder, Path networkFolder) throws IOException {
    OptionFile options = OptionFile.read(networkFolder.resolve(NETWORK_OPTIONS));
    ModelConfig network =
        switch (options.text("_class_name", NetworkOptions.CLASS)) {
          case MlpOptions.CLASS -> MlpOptions.read(options);
          case OwnNetworkOptions.CLASS -> OwnNetworkOptions.read(options);
          default -> NetworkOptions.read(options);
        };
    OptionFile sampling = schedulerOptions(folder);
    PublishedScheduler scheduler = SchedulerOptions.read(sampling);
    return new DiffusersPipeline(
        network,
        ProcessOptions.read(sampling, scheduler),
        scheduler,
        WeightFiles.find(networkFolder));
  }

  private static OptionFile schedulerOptions(Path folder) throws IOException {
    Path nested = folder.resolve(PROCESS_FOLDER).resolve(PROCESS_OPTIONS);
    Path flat = folder.resolve(PROCESS_OPTIONS);
    for (Path file : List.of(nested, flat)) {
      if (Files.isRegularFile(file)) {
        return OptionFile.read(file);
      }
    }
    if (Files.exists(folder.resolve(INDEX))) {
      throw new UserException(
          String.format(Locale.ROOT, "%s has no %s/%s", folder, PROCESS_FOLDER, PROCESS_OPTIONS));
    }
    return OptionFile.empty(flat);
  }

  /** The averaged network comes first in a training checkpoint, which has no index to ask. */
  private static Path networkFolder(Path folder) {
    List<String> names =
        Files.exists(folder.resolve(INDEX))
            ? List.of(NETWORK_FOLDER, POINT_NETWORK_FOLDER, "")
            : List.of(AVERAGED_FOLDER, NETWORK_FOLDER, POINT_NETWORK_FOLDER, "");
    for (String name : names) {
      Path candidate = folder.resolve(name);
      if (Files.isRegularFile(candidate.resolve(NETWORK_OPTIONS))) {
        return candidate;
      }
    }
    throw new UserException(
        String.format(Locale.ROOT, "%s has no %s/%s", folder, NETWORK_FOLDER, NETWORK_OPTIONS));
  }

  /**
   * Reads the weights.
   *
   * @return parameters by diffusers' present names, F32; they belong to the scope that is open on
   *     this thread
   * @throws IOException if a file is damaged or missing; the message names it and, where one is to
   *     blame, the tensor
   */
  public Map<String, Tensor> weights() throws IOException {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      for (Map.Entry<String, Tensor> stored :
          WeightFiles.read(weightsFile, Precision.SINGLE).entrySet()) {
        Tensor real = TensorFile.requireReal(weightsFile, stored.getKey(), stored.getValue());
        if (weights.put(presentName(stored.getKey()), scope.keep(real)) != null) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "%s holds %s under its old name and its new one",
                  weightsFile,
                  OneLine.of(presentName(stored.getKey()))));
        }
      }
      return weights;
    }
  }

  /** Returns a new network with the weights of this folder; the caller closes it. */
  public Network load() throws IOException {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> weights = weights();
      NetworkSize.requireFilledBy(weights, network, weightsFile);
      try {
        return Network.of(network, weights);
      } catch (IllegalArgumentException e) {
        throw new IOException(
            String.format(
                Locale.ROOT, "%s does not fit its config.json: %s", weightsFile, e.getMessage()),
            e);
      }
    }
  }

  /** Returns today's name of a parameter; attention was named differently before release 0.15. */
  private static String presentName(String name) {
    return name.replaceFirst("(\\.attentions\\.\\d+)\\.query\\.", "$1.to_q.")
        .replaceFirst("(\\.attentions\\.\\d+)\\.key\\.", "$1.to_k.")
        .replaceFirst("(\\.attentions\\.\\d+)\\.value\\.", "$1.to_v.")
        .replaceFirst("(\\.attentions\\.\\d+)\\.proj_attn\\.", "$1.to_out.0.");
  }
}
