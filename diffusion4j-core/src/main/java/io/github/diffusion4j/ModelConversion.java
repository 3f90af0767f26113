package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.AtomicFolder;
import io.github.diffusion4j.checkpoint.Average;
import io.github.diffusion4j.checkpoint.ConvertedCard;
import io.github.diffusion4j.checkpoint.DiffusersPipeline;
import io.github.diffusion4j.checkpoint.ModelCard;
import io.github.diffusion4j.checkpoint.ModelOrigin;
import io.github.diffusion4j.checkpoint.ModelSource;
import io.github.diffusion4j.checkpoint.PublishedScheduler;
import io.github.diffusion4j.checkpoint.PythonExample;
import io.github.diffusion4j.config.ModelConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.foreign.Families;
import io.github.diffusion4j.foreign.Flags;
import io.github.diffusion4j.foreign.ForeignFile;
import io.github.diffusion4j.foreign.ForeignModel;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.DType;
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

/**
 * A model that is to become a folder of Hugging Face diffusers, whatever it is now: a file of
 * another project, a run directory, a checkpoint, or a diffusers folder of any form.
 *
 * @param origin what it is now
 * @param network the shape of the network
 * @param process the diffusion process it was trained for
 * @param scheduler how it is meant to be sampled
 * @param trainer who trained it
 * @param notes what a person should know: what was assumed, and what is left out; one line each
 * @param card the page that describes it
 * @param weights its parameters, still on the disk
 */
public record ModelConversion(
    String origin,
    ModelConfig network,
    ProcessConfig process,
    PublishedScheduler scheduler,
    ModelOrigin trainer,
    List<String> notes,
    Card card,
    Weights weights) {
  private static final String STATE = "training_state.json";
  private static final double TOO_LARGE_FOR_F16 = 65_520; // is rounded to infinity

  /** How the weights are written. */
  public enum Precision {
    /** 32 bits. */
    F32,
    /** 16 bits, of which 10 are digits; up to 65504. */
    F16,
    /** 16 bits, of which 7 are digits; as large as F32. */
    BF16;

    private Tensor of(String name, Tensor value) {
      Tensor plain = value.detach();
      return switch (this) {
        case F32 -> plain;
        case BF16 -> plain.to(DType.BF16);
        case F16 -> {
          for (float number : plain.toFloats()) {
            if (Math.abs(number) >= TOO_LARGE_FOR_F16) {
              throw new UserException(
                  String.format(
                      Locale.ROOT,
                      "%s holds %s, too large for f16; allowed: f32, bf16",
                      name,
                      number));
            }
          }
          yield plain.to(DType.F16);
        }
      };
    }
  }

  /** A network that has not been read yet. */
  @FunctionalInterface
  public interface Weights {
    /** Returns a new network with the weights; the caller closes it. */
    Network load() throws IOException;
  }

  /** A page that describes a model: its own, or one of what is known. */
  @FunctionalInterface
  public interface Card {
    /** Writes the page into {@code folder}. */
    void write(Path folder) throws IOException;
  }

  /** Copies the notes. */
  public ModelConversion {
    notes = List.copyOf(notes);
  }

  /**
   * Finds out what {@code path} holds; the weights stay on the disk.
   *
   * @param flags for a file of another project, what it does not say, in the spelling of that
   *     project
   * @param average which weights to take; empty for those that are sampled with usually
   * @throws IOException if a file is damaged
   * @throws UserException if there is no model, it has a feature that this library does not have,
   *     the flags are wrong, or there is no choice of weights
   */
  public static ModelConversion open(Path path, Flags flags, Optional<Average> average)
      throws IOException {
    if (Files.isRegularFile(path)) {
      return ofFile(path, flags, average);
    }
    Path folder = ModelSource.resolve(path);
    if (!flags.equals(Flags.NONE)) {
      throw new UserException(
          String.format(Locale.ROOT, "%s is a folder; flags are for files only", path));
    }
    DiffusersPipeline pipeline =
        average.isPresent()
            ? DiffusersPipeline.read(folder, average.get())
            : DiffusersPipeline.read(folder);
    List<String> notes =
        Files.exists(folder.resolve(STATE))
            ? List.of("left out: the state of training, with which it could go on")
            : List.of();
    Path page = folder.resolve(ModelCard.FILE);
    return new ModelConversion(
        String.format(
            Locale.ROOT,
            "the model in %s, weights of %s",
            folder,
            folder.relativize(pipeline.weightsFile())),
        pipeline.network(),
        pipeline.process(),
        pipeline.scheduler(),
        ModelOrigin.of(folder),
        notes,
        Files.isRegularFile(page)
            ? target -> Files.copy(page, target.resolve(ModelCard.FILE))
            : new ConvertedCard(
                    name(folder),
                    "a folder of Hugging Face diffusers",
                    pipeline.network(),
                    pipeline.process(),
                    pipeline.scheduler(),
                    notes)
                ::write,
        pipeline::load);
  }

  private static ModelConversion ofFile(Path path, Flags flags, Optional<Average> average)
      throws IOException {
    ForeignFile file = Families.open(path);
    ForeignModel model = (average.isPresent() ? file.with(average.get()) : file).read(flags);
    String origin = "a checkpoint of " + file.family().title();
    PublishedScheduler scheduler = PublishedScheduler.usual(model.process());
    return new ModelConversion(
        origin + ", " + path,
        model.network(),
        model.process(),
        scheduler,
        ModelOrigin.OTHER,
        model.notes(),
        new ConvertedCard(
                name(path), origin, model.network(), model.process(), scheduler, model.notes())
            ::write,
        model::load);
  }

  /** The name alone: a page that is published does not say where on a disk the model was. */
  private static String name(Path path) {
    return String.valueOf(path.toAbsolutePath().normalize().getFileName());
  }

  /**
   * Returns lines of Python that draw an image from what {@link #write} wrote into {@code target},
   * or nothing if diffusers has no such network.
   */
  public Optional<String> python(Path target) {
    return network instanceof UNetConfig unet && DiffusersPipeline.knows(unet)
        ? Optional.of(
            new PythonExample(unet, scheduler, process.schedule().steps()).of(target.toString()))
        : Optional.empty();
  }

  /**
   * Writes the folder, complete or not at all.
   *
   * @param target a folder that does not exist yet, or is empty
   * @return how many numbers the parameters hold
   * @throws IOException if the weights are damaged, or not those of the network
   * @throws UserException if there is something in {@code target}, or a weight is too large for
   *     {@code precision}
   */
  public long write(Path target, Precision precision) throws IOException {
    AtomicFolder.requireRoom(target); // before minutes of reading
    try (Network loaded = weights.load();
        Scope scope = Scope.open()) {
      Map<String, Tensor> converted = new LinkedHashMap<>();
      loaded.parameters().forEach((name, value) -> converted.put(name, precision.of(name, value)));
      AtomicFolder.writeNew(
          target,
          folder -> {
            DiffusersPipeline.write(
                folder, network, TrainingRun.writable(process), scheduler, trainer, converted);
            card.write(folder);
          });
      return loaded.parameterCount();
    }
  }
}
