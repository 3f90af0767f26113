package io.github.diffusion4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.RealImages.Known;
import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.ImageShape;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.data.SubsetDataset;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * sFID is the distance of the features that know where in the image they are, not of the others.
 */
class SpatialEvaluationTest {
  @TempDir Path folder;

  /** Sees how bright an image is, and apart from it how bright its upper and its lower half are. */
  private static final class Halves implements FeatureNet {
    @Override
    public String name() {
      return "halves";
    }

    @Override
    public String fingerprint() {
      return "halves";
    }

    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public int classes() {
      return 0;
    }

    @Override
    public Answers of(Tensor images) {
      Tensor halves = images.reshape(images.size(0), 2, 14 * 28).mean(2);
      return new Answers(
          halves.mean(1).reshape(-1, 1), Tensor.zeros(images.size(0), 0), Optional.of(halves));
    }

    @Override
    public void close() {}
  }

  /** Images upside down are as bright as before, and are so elsewhere. */
  @Test
  void measure_imagesUpsideDown_isSeenByPlacesAlone() throws IOException {
    ImageDataset digits = new SubsetDataset(EmbeddedDigits.load(), 0, 300);
    EvaluationReport report =
        new Evaluation(new Halves(), new FeatureExtraction(new FeatureCache(folder), Progress.NONE))
            .measure(
                new StoredImages(new UpsideDown(digits), "upside down"),
                Optional.of(new Known(new StoredImages(digits, "digits"), Optional.empty())),
                EnumSet.of(Metric.FD, Metric.SFID),
                0);

    assertThat(report.row("FD-halves").orElseThrow().value()).isCloseTo(0, within(1e-6));
    assertThat(report.row("sFD-halves").orElseThrow().value()).isGreaterThan(1);
  }

  /** The rows of gray images in reverse. */
  private record UpsideDown(ImageDataset images) implements ImageDataset {
    @Override
    public int size() {
      return images.size();
    }

    @Override
    public ImageShape shape() {
      return images.shape();
    }

    @Override
    public void read(int index, byte[] target, int offset) throws IOException {
      int width = shape().width();
      byte[] pixels = new byte[shape().pixels()];
      images.read(index, pixels, 0);
      for (int row = 0; row < shape().height(); row++) {
        System.arraycopy(
            pixels, row * width, target, offset + pixels.length - (row + 1) * width, width);
      }
    }

    @Override
    public OptionalInt label(int index) {
      return images.label(index);
    }

    @Override
    public List<String> classNames() {
      return images.classNames();
    }

    @Override
    public String fingerprint() {
      return "upside down " + images.fingerprint();
    }
  }
}
