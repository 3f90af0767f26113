package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.Word;
import java.util.ArrayList;
import java.util.List;

/** The networks that are measured, with the recipe they are trained by. */
enum Recipe {
  /** A small network for gray images of 32x32, 1,112,801 parameters, batch 32. */
  SMALL28(
      "cifar10-ho",
      "model.channels=1",
      "model.size=32",
      "model.widths=32,64,64",
      "model.blocks=residual,residual,attention",
      "model.blocksPerLevel=1",
      "model.layers.groups=8",
      "model.layers.stabilizer=1e-5",
      "model.layers.dropout=0",
      "model.layers.headWidth=8",
      "model.layers.downsampling=symmetric",
      "model.layers.timeEmbedding.order=cos-sin",
      "model.layers.timeEmbedding.frequencyShift=0",
      "training.batch=32"),

  /** The same operations as {@link #SMALL28} on one image of 4x4 with few channels. */
  TINY(
      "cifar10-ho",
      "model.channels=1",
      "model.size=4",
      "model.widths=8,16,16",
      "model.blocks=residual,residual,attention",
      "model.blocksPerLevel=1",
      "model.layers.groups=8",
      "model.layers.stabilizer=1e-5",
      "model.layers.dropout=0",
      "model.layers.headWidth=2",
      "model.layers.downsampling=symmetric",
      "model.layers.timeEmbedding.order=cos-sin",
      "model.layers.timeEmbedding.frequencyShift=0",
      "training.batch=1"),

  /** The CIFAR-10 network of Ho et al., 35,746,307 parameters, with its dropout, batch 4. */
  HO("cifar10-ho", "training.batch=4"),

  /** The quickstart's. */
  DIGITS("digits-quickstart");

  private static final List<String> FOR_ALL =
      List.of(
          // Branches that end in zeros would hide what is behind them from a check.
          "model.layers.initialization=torch",
          "data.flip=none",
          "training.budget.maxMinutes=none",
          "training.budget.maxSteps=1000000000");

  private final String preset;

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes it so
  private final List<String> changes;

  Recipe(String preset, String... changes) {
    this.preset = preset;
    this.changes = List.of(changes);
  }

  /** Returns the experiment, {@code path=value} changed. */
  ExperimentConfig config(List<String> more) {
    List<String> all = new ArrayList<>(changes);
    all.addAll(FOR_ALL);
    all.addAll(more);
    return Overrides.apply(Presets.load(preset), all);
  }

  /** Returns the recipe of that name. */
  static Recipe named(String word) {
    return Word.parse(Recipe.class, "recipe", word);
  }
}
