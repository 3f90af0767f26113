package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.evaluation.FeatureNet.Answers;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.LiveObjects;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.TorchScript;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archives are made by make_archives.py beside them. */
class TorchScriptNetsTest {
  @TempDir Path folder;

  @Test
  void archivedTf_pictures_areResizedInsideAsHere() throws IOException {
    try (FeatureNet net = published(InceptionProtocol.TF);
        Scope scope = Scope.open()) {
      Tensor pictures = GoldenFeatures.pictures(20, 3, 40, 33); // more than one batch
      Answers answers = net.of(pictures);

      assertClose(answers.features(), means(InceptionProtocol.TF, pictures));
      assertClose(softmax(answers.logits()), softmax(logits(answers.features())));
      assertThat(answers.spatial()).isEmpty();
    }
  }

  @Test
  void archivedClean_pictures_areResizedHere() throws IOException {
    try (FeatureNet net = published(InceptionProtocol.CLEAN);
        Scope scope = Scope.open()) {
      Tensor pictures = GoldenFeatures.pictures(2, 1, 40, 33);
      Answers answers = net.of(pictures);

      assertClose(
          answers.features(), means(InceptionProtocol.CLEAN, pictures.expand(2, 3, 40, 33)));
      assertClose(softmax(answers.logits()), softmax(logits(answers.features())));
      assertThat(net.distanceName()).isEqualTo("FID (clean)");
    }
  }

  @Test
  void archived_otherFile_isRefusedWithItsHash() {
    Path other = archive("published.pt");

    assertThatThrownBy(() -> ArchivedInceptionNet.open(other, InceptionProtocol.TF))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(other + " has the SHA-256 ")
        .hasMessageContaining("allowed: that of inception-2015-12-05.pt, f58cb9b6")
        .hasMessageContaining(
            "or torchscript:" + other + ", whose distance is called FD-published");
    assertThatThrownBy(() -> ArchivedInceptionNet.open(other, InceptionProtocol.PYTORCH))
        .hasMessageContaining("allowed for the protocol pytorch: a file of weights");
  }

  @Test
  void script_featuresAlone_hasNoClasses() throws IOException {
    try (FeatureNet net = ScriptFeatureNet.open(archive("single.pt"));
        Scope scope = Scope.open()) {
      Answers answers = net.of(GoldenFeatures.pictures(3, 3, 20, 20));

      assertThat(net.name()).isEqualTo("single.pt");
      assertThat(net.distanceName()).isEqualTo("FD-single.pt");
      assertThat(net.dimension()).isEqualTo(3);
      assertThat(net.classes()).isZero();
      assertThat(answers.logits().shape()).containsExactly(3, 0);
      assertClose(answers.features(), GoldenFeatures.pictures(3, 3, 20, 20).mean(2, 3));
    }
  }

  @Test
  void script_featuresAndLogits_areTakenInThisOrder() throws IOException {
    try (FeatureNet net = ScriptFeatureNet.open(archive("pair.pt"));
        Scope scope = Scope.open()) {
      Answers answers = net.of(GoldenFeatures.pictures(3, 1, 28, 28));

      assertThat(net.dimension()).isEqualTo(28);
      assertThat(net.classes()).isEqualTo(10);
      assertClose(answers.logits(), answers.features().narrow(1, 0, 10).dividedBy(10));
      assertThatThrownBy(() -> net.of(Tensor.zeros(1, 3, 30, 30)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("the TorchScript network cannot take F32[1, 3, 30, 30]: ")
          .message()
          .doesNotContain("\n");
    }
  }

  /** It takes sizes that are multiples of 48, and has a feature for each column. */
  @Test
  void script_featuresThatDependOnTheSize_areCountedByTheImages() throws IOException {
    try (FeatureNet net = ScriptFeatureNet.open(archive("columns.pt"));
        Scope scope = Scope.open()) {
      assertThat(net.dimension()).isEqualTo(96);

      assertThat(net.of(GoldenFeatures.pictures(2, 3, 48, 144)).features().shape())
          .containsExactly(2, 144);
      assertThat(net.dimension()).isEqualTo(144);
    }
  }

  @Test
  void script_answersNoTensor_isRefused() {
    assertThatThrownBy(() -> ScriptFeatureNet.open(archive("text.pt")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("text.pt is no feature network")
        .hasMessageContaining("it answers neither a tensor nor a tuple of tensors");
  }

  @Test
  void open_noArchiveOrDamagedOne_isRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("a.pt"), "no zip");
    Path cut = folder.resolve("b.pt");
    byte[] whole = Files.readAllBytes(archive("pair.pt"));
    for (int i = whole.length / 4; i < whole.length / 3; i++) {
      whole[i] ^= 0x55;
    }
    Files.write(cut, whole);

    assertThatThrownBy(() -> TorchScript.open(text))
        .isInstanceOf(IOException.class)
        .hasMessage(text + " is no TorchScript archive; allowed: what torch.jit.save writes");
    assertThatThrownBy(() -> ScriptFeatureNet.open(cut)).isInstanceOf(IOException.class);
  }

  @Test
  void run_again_keepsAnswersOnly() throws IOException {
    try (FeatureNet net = published(InceptionProtocol.TF);
        Scope scope = Scope.open()) {
      Tensor pictures = GoldenFeatures.pictures(2, 3, 8, 8);
      net.of(pictures);
      long before = LiveObjects.settled();
      net.of(pictures);

      assertThat(LiveObjects.settled() - before).isEqualTo(2);
    }
  }

  private static FeatureNet published(InceptionProtocol protocol) throws IOException {
    return new ArchivedInceptionNet(TorchScript.open(archive("published.pt")), protocol, "00");
  }

  private static Tensor means(InceptionProtocol protocol, Tensor pictures) {
    Tensor sized = protocol.normalize(protocol.resize().apply(pictures, 299, 299));
    long[] shape = {pictures.size(0), 3, 1, 1};
    return Tensor.cat(
            List.of(
                quarter(sized, 0, 0).reshape(shape),
                quarter(sized, 0, 149).reshape(shape),
                quarter(sized, 149, 0).reshape(shape),
                quarter(sized, 149, 149).reshape(shape)),
            2)
        .reshape(pictures.size(0), 12);
  }

  /** 299 is odd: the line in the middle counts on both sides. */
  private static Tensor quarter(Tensor images, int row, int column) {
    return images.narrow(2, row, 150).narrow(3, column, 150).mean(2, 3);
  }

  private static Tensor logits(Tensor features) {
    return features.matmul(Tensor.arange(60).reshape(12, 5).to(DType.F32).dividedBy(30).minus(1));
  }

  private static Tensor softmax(Tensor logits) {
    return Functions.softmax(logits, 1);
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    double[] values = expected.toDoubles();
    double[] found = actual.toDoubles();
    assertThat(found).hasSameSizeAs(values);
    for (int i = 0; i < values.length; i++) {
      assertThat(found[i]).isCloseTo(values[i], within(1e-4 * Math.max(1, Math.abs(values[i]))));
    }
  }

  private static Path archive(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(
                  TorchScriptNetsTest.class.getResource("/golden/features/" + name), name)
              .toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
