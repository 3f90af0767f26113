package io.github.diffusion4j.training;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
      Tensor last = vector.views(vector.gradients()).values().stream().reduce((a, b) -> b).get();
      last.fillInPlace(3);

      assertThat(vector.gradients().sum().item()).isEqualTo(3.0 * last.numel());
    }
  }

  @Test
  void backward_ofTheNetwork_addsIntoTheGradients() {
    try (ParameterVector vector = new ParameterVector(network.parameters())) {
      loss().backward();
      float[] once = vector.gradients().toFloats();
      Tensor expected = vector.gradients().times(2);
      loss().backward();

      assertThat(once).isNotEqualTo(new float[once.length]);
      assertThat(vector.gradients().toFloats()).isEqualTo(expected.toFloats());
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
