package io.github.diffusion4j.cli;

import io.github.diffusion4j.config.BaselineConfig;
import io.github.diffusion4j.config.FamilyConfig;
import io.github.diffusion4j.config.Overrides;
import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.RunConfig;
import io.github.diffusion4j.config.UserException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the option {@code --family} means for the recipe. */
final class FamilyChoice {
  private FamilyChoice() {}

  /** Returns the recipe of a family where no other was asked for. */
  static BaselineConfig usual(String family, Optional<String> data) {
    BaselineConfig preset =
        Presets.baselines().stream()
            .map(Presets::baseline)
            .filter(one -> one.family().word().equals(family))
            .findFirst()
            .orElseThrow(() -> unknown(family));
    return data.isPresent() ? Overrides.apply(preset, List.of("name=" + family)) : preset;
  }

  /** Refuses a recipe of another family. */
  static void require(String family, RunConfig recipe) {
    if (!FamilyConfig.words().contains(family)) {
      throw unknown(family);
    }
    String has = recipe instanceof BaselineConfig other ? other.family().word() : "diffusion";
    if (!has.equals(family)) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "--family is %s, but %s is of the family %s; allowed: a recipe with family.kind %s",
              family,
              recipe.name(),
              has,
              family));
    }
  }

  private static UserException unknown(String family) {
    return new UserException(
        String.format(
            Locale.ROOT,
            "--family is %s; allowed: %s",
            family,
            String.join(", ", FamilyConfig.words())));
  }
}
