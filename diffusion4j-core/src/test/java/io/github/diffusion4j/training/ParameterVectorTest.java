package io.github.diffusion4j.training;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerics")
class ParameterVectorTest {
  private Scope scope;
  private UNet network;

  @BeforeEach
  void open() {
    scope = Scope.open();
    network = new UNet(TestExperiments.unconditional(), Seed.of(1));
  }

  @AfterEach
  void close() {
    network.close();
    scope.close();
  }

  @Test
  void constructor_network_computesTheSameFromItsNewHome() {
    float[] before = output();
    try (ParameterVector vector = new ParameterVector(network.parameters())) {
      assertThat(output()).isEqualTo(before);
      assertThat(vector.length()).isEqualTo(network.parameterCount());

      vector.values().timesInPlace(0.5);

      assertThat(output()).isNotEqualTo(before);
    }
  }

  /** A training draws its weights where they stay, with no other memory in between. */
  @Test
  void constructor_networkWithoutWeights_isWhereTheyAreDrawn() {
    try (Network empty = Network.withoutWeights(TestExperiments.unconditional());
        ParameterVector vector = new ParameterVector(empty.parameters());
        ParameterVector expected = new ParameterVector(network.parameters())) {
      assertThat(vector.values().toFloats()).containsOnly(0);

      empty.initialize(Seed.of(1));

      assertThat(vector.values().toFloats()).isEqualTo(expected.values().toFloats());
    }
  }

  @Test
  void views_ofTheValues_areTheParametersHiddenMatricesFirst() {
    try (ParameterVector vector = new ParameterVector(network.parameters())) {
      Map<String, Tensor> views = vector.views(vector.values());
      Map<String, Tensor> parameters = network.parameters();
      List<String> names = new ArrayList<>(views.keySet());
      int hidden = vector.hiddenMatrices().size();

      assertThat(names).hasSameElementsAs(parameters.keySet());
      assertThat(names.subList(0, hidden))
          .contains("down_blocks.0.resnets.0.conv1.weight", "mid_block.attentions.0.to_q.weight")
          .allMatch(name -> requireNonNull(parameters.get(name)).shape().length >= 2)
          .noneMatch(name -> name.startsWith("conv_") || name.contains("time_emb"));
      assertThat(names.subList(hidden, names.size()))
          .contains("conv_in.weight", "conv_out.weight", "time_embedding.linear_1.weight")
          .filteredOn(name -> requireNonNull(parameters.get(name)).shape().length >= 2)
          .allMatch(name -> name.startsWith("conv_") || name.contains("time_emb"));
      views.forEach(
          (name, view) ->
              assertThat(view.toFloats())
                  .as(name)
                  .isEqualTo(requireNonNull(parameters.get(name)).toFloats()));
    }
  }

  @Test
  void views_writtenTo_changeTheVector() {
    try (ParameterVector vector = new ParameterVector(network.parameters())) {
      Tensor zeros = Tensor.zeros(vector.length());
      Tensor last = vector.views(zeros).values().stream().reduce((a, b) -> b).get();
      last.fillInPlace(3);

      assertThat(zeros.sum().item()).isEqualTo(3.0 * last.numel());
    }
  }

  @Test
  void backward_ofTheNetwork_addsToTheGradientsUntilTheyAreCleared() {
    try (ParameterVector vector = new ParameterVector(network.parameters())) {
      loss().backward();
      double[] once = FlatGradient.of(vector);
      double[] twice = Arrays.stream(once).map(g -> 2 * g).toArray();
      loss().backward();

      assertThat(once).isNotEqualTo(new double[once.length]);
      assertThat(FlatGradient.of(vector)).isEqualTo(twice);

      vector.clearGradients();
      assertThat(FlatGradient.of(vector)).containsOnly(0);
    }
  }

  @Test
  void hiddenMatricesAndOthers_together_areAll() {
    try (ParameterVector vector = new ParameterVector(network.parameters())) {
      List<Tensor> parts = new ArrayList<>(vector.hiddenMatrices());
      parts.addAll(vector.others());

      assertThat(parts).isEqualTo(vector.all());
    }
  }

  private Tensor loss() {
    return forward().square().mean();
  }

  private float[] output() {
    return forward().toFloats();
  }

  private Tensor forward() {
    Tensor x = Seed.of(2).normal(2, 1, 8, 8);
    Tensor time = Tensor.of(new long[] {3, 700}, 2);
    return network.forward(x, time, Optional.empty(), Dropout.NONE);
  }
}
