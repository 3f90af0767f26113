package io.github.diffusion4j.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.Presets;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.torch.EngineCheck;
import io.github.diffusion4j.torch.KnownAnswer;
import io.github.diffusion4j.torch.KnownAnswer.Deviation;
import io.github.diffusion4j.torch.KnownAnswers;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerAnswersTest {

  @Test
  void layersOfAPreset_haveEachKindAndAreRight() {
    UNetConfig config = Presets.load("emoji64").unet();
    LayerAnswers layers = new LayerAnswers();
    try (Network network = Network.withoutWeights(config)) {
      layers.add(
          network.parameters(),
          config.layers()::groupsOf,
          width -> SelfAttention.heads(width, config.layers().headWidth(width)));
    }
    EngineCheck.require();

    assertThat(layers.list().stream().map(KnownAnswer::kind).distinct())
        .contains(
            "convolution 3x3",
            "convolution 1x1",
            "convolution 3x3, stride 2",
            "transposed convolution",
            "linear",
            "attention",
            "group norm");
    assertThat(KnownAnswers.worst(layers.list()).values()).allMatch(Deviation::isRounding);
  }

  @Test
  void sameLayersTwice_areListedOnce() {
    UNetConfig config = Presets.load("digits-quickstart").unet();
    LayerAnswers layers = new LayerAnswers();
    try (Network network = Network.withoutWeights(config)) {
      layers.add(network.parameters(), config.layers()::groupsOf, width -> 1);
      List<KnownAnswer> once = layers.list();
      layers.add(network.parameters(), config.layers()::groupsOf, width -> 1);

      assertThat(layers.list()).hasSameSizeAs(once);
    }
  }
}
