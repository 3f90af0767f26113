package io.github.diffusion4j;

import io.github.diffusion4j.RealImages.Known;
import io.github.diffusion4j.data.EmbeddedDigits;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.Progress;
import io.github.diffusion4j.data.SubsetDataset;
import io.github.diffusion4j.evaluation.DigitFeatureNet;
import io.github.diffusion4j.evaluation.FeatureNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The embedded digits, the network that comes with the library, and caches in a folder. */
record EvaluationScene(ImageDataset digits, FeatureNet net, Path folder) implements AutoCloseable {
  static EvaluationScene in(Path folder) throws IOException {
    return new EvaluationScene(EmbeddedDigits.load(), DigitFeatureNet.embedded(), folder);
  }

  Evaluation evaluation(String cache) {
    return evaluation(net, cache);
  }

  Evaluation evaluation(FeatureNet other, String cache) {
    return new Evaluation(
        other, new FeatureExtraction(new FeatureCache(folder.resolve(cache)), Progress.NONE));
  }

  RealImages real(int count) {
    return new Known(stored(4000, count), Optional.empty());
  }

  ImageSource stored(int first, int count) {
    return new StoredImages(new SubsetDataset(digits, first, count), "digits");
  }

  @Override
  public void close() {
    net.close();
  }
}
