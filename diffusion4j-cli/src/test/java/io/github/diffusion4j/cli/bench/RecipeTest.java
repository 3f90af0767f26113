package io.github.diffusion4j.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.torch.Seed;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {
  @ParameterizedTest
  @CsvSource({"SMALL28, 1112801, 32", "HO, 35746307, 4"})
  void network_hasTheParametersItIsKnownFor(Recipe recipe, long parameters, int batch) {
    ExperimentConfig config = recipe.config(List.of());

    try (Network network = Network.of(config.model(), Seed.of(0))) {
      assertThat(network.parameterCount()).isEqualTo(parameters);
      assertThat(config.training().batch()).isEqualTo(batch);
    }
  }

  @Test
  void tiny_hasTheSameParametersByName_asSmall28() {
    assertThat(names(Recipe.TINY)).isEqualTo(names(Recipe.SMALL28));
  }

  @Test
  void config_changes_comeLast() {
    ExperimentConfig config =
        Recipe.SMALL28.config(List.of("model.widths=16,32,32", "training.batch=5"));

    assertThat(config.unet().widths()).containsExactly(16, 32, 32);
    assertThat(config.training().batch()).isEqualTo(5);
  }

  private static Set<String> names(Recipe recipe) {
    try (Network network = Network.of(recipe.config(List.of()).model(), Seed.of(0))) {
      return network.parameters().keySet();
    }
  }
}
