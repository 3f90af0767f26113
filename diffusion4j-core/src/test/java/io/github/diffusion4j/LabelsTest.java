package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.BlockKind;
import io.github.diffusion4j.config.ClassEmbeddingKind;
import io.github.diffusion4j.config.LayerConfig;
import io.github.diffusion4j.config.LayerConfig.Downsampling;
import io.github.diffusion4j.config.LayerConfig.Initialization;
import io.github.diffusion4j.config.MiddleKind;
import io.github.diffusion4j.config.TimeEmbeddingConfig;
import io.github.diffusion4j.config.TimeEmbeddingConfig.Order;
import io.github.diffusion4j.config.TimeFeatures;
import io.github.diffusion4j.config.UNetConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LabelsTest {
  private static final Optional<Integer> NONE = Optional.empty();
  private static final TimeFeatures POSITIONAL = new TimeFeatures.Positional();

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void of_unconditionalNetwork_areNone() {
    UNetConfig network = network(Optional.empty(), NONE, POSITIONAL);

    assertThat(Labels.of(network, request(NONE))).isEmpty();
    assertThatThrownBy(() -> Labels.of(network, request(Optional.of(3))))
        .isInstanceOf(UserException.class)
        .hasMessage("label is 3; this model is unconditional and takes none");
  }

  @Test
  void of_table_areTheClassAskedForOrAllInTurn() {
    UNetConfig network = network(Optional.empty(), Optional.of(3), POSITIONAL);

    assertThat(labels(network, NONE)).containsExactly(2, 0, 1, 2);
    assertThat(labels(network, Optional.of(1))).containsExactly(1, 1, 1, 1);
    assertThatThrownBy(() -> Labels.of(network, request(Optional.of(3))))
        .isInstanceOf(UserException.class)
        .hasMessage("label is 3; allowed: 0…2");
  }

  @Test
  void of_embeddedNumbers_areAnyNumber() {
    UNetConfig network = network(Optional.of(ClassEmbeddingKind.TIMESTEP), NONE, POSITIONAL);

    assertThat(labels(network, Optional.of(700))).containsExactly(700, 700, 700, 700);
    assertThatThrownBy(() -> Labels.of(network, request(NONE)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "label is missing; allowed: a whole number, which the model embeds as it does time");
  }

  @Test
  void of_embeddedNumbersWithClasses_areAllClassesInTurn() {
    UNetConfig network =
        network(Optional.of(ClassEmbeddingKind.TIMESTEP), Optional.of(3), POSITIONAL);

    assertThat(labels(network, NONE)).containsExactly(2, 0, 1, 2);
    assertThat(labels(network, Optional.of(9))).containsExactly(9, 9, 9, 9);
  }

  @Test
  void of_numbersThatAreNoTime_areRefused() {
    UNetConfig learned =
        network(Optional.of(ClassEmbeddingKind.TIMESTEP), NONE, new TimeFeatures.Learned(5));
    UNetConfig fourier =
        network(Optional.of(ClassEmbeddingKind.TIMESTEP), NONE, new TimeFeatures.Fourier());

    assertThatThrownBy(() -> Labels.of(learned, request(Optional.of(5))))
        .isInstanceOf(UserException.class)
        .hasMessage("label is 5; allowed: 0…4");
    assertThatThrownBy(() -> Labels.of(fourier, request(Optional.of(0))))
        .isInstanceOf(UserException.class)
        .hasMessage("label is 0; allowed: 1 or more");
  }

  @Test
  void of_vectors_areRefusedWithTheirLength() {
    for (Optional<Integer> classes : List.of(NONE, Optional.of(3))) {
      UNetConfig network = network(Optional.of(ClassEmbeddingKind.IDENTITY), classes, POSITIONAL);

      assertThatThrownBy(() -> Labels.of(network, request(Optional.of(1))))
          .isInstanceOf(UserException.class)
          .hasMessageStartingWith("the model takes vectors of 32 numbers as labels");
    }
  }

  @Test
  void requireClasses_ofLabelsThatDataDoNotHave_refusesThem() {
    assertThatCode(
            () -> {
              Labels.requireClasses(network(Optional.empty(), NONE, POSITIONAL));
              Labels.requireClasses(network(Optional.empty(), Optional.of(3), POSITIONAL));
              Labels.requireClasses(
                  network(Optional.of(ClassEmbeddingKind.TIMESTEP), Optional.of(3), POSITIONAL));
            })
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                Labels.requireClasses(
                    network(Optional.of(ClassEmbeddingKind.TIMESTEP), NONE, POSITIONAL)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("model.classEmbedding is timestep, and data have no such labels");
    assertThatThrownBy(
            () ->
                Labels.requireClasses(
                    network(Optional.of(ClassEmbeddingKind.IDENTITY), Optional.of(3), POSITIONAL)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("model.classEmbedding is identity");
  }

  private static long[] labels(UNetConfig network, Optional<Integer> label) {
    Tensor labels = Labels.of(network, request(label)).orElseThrow();
    return labels.toLongs();
  }

  /** Four images, the first of which is number 5. */
  private static SampleRequest request(Optional<Integer> label) {
    return new SampleRequest(0, 5, 4, label);
  }

  private static UNetConfig network(
      Optional<ClassEmbeddingKind> kind, Optional<Integer> classes, TimeFeatures features) {
    LayerConfig layers =
        new LayerConfig(
            4,
            1e-5,
            0,
            Optional.empty(),
            Downsampling.SYMMETRIC,
            new TimeEmbeddingConfig(Order.COS_SIN, 0, Optional.of(features), Optional.empty()),
            Initialization.TORCH);
    return new UNetConfig(
        1,
        8,
        List.of(8),
        List.of(BlockKind.RESIDUAL),
        MiddleKind.NONE,
        1,
        layers,
        classes,
        Optional.empty(),
        Optional.empty(),
        kind,
        Optional.empty());
  }
}
