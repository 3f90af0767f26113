package io.github.diffusion4j.cli;

import io.github.diffusion4j.ImageGenerator;
import io.github.diffusion4j.SavedSamples;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws images from a model that needs no steps. */
record OnePassSampling(String family, int count, long seed, int atOnce) {

  /** Draws and writes, and returns how many seconds it took. */
  double write(ImageGenerator model, SavedSamples target) throws IOException {
    long start = System.nanoTime();
    try (Progress progress = Progress.of("sample");
        Scope scope = Scope.open()) {
      SampleRoom.ofThisProcess().require(count, List.of(model.shape().pixels()));
      List<Tensor> parts = new ArrayList<>();
      for (int first = 0; first < count; first += atOnce) {
        parts.add(model.draw(first, Math.min(atOnce, count - first), Seed.of(seed)));
        progress.show(
            (double) first / count, String.format(Locale.ROOT, "%d of %d images", first, count));
      }
      target.write(Tensor.cat(parts, 0));
      double seconds = (System.nanoTime() - start) * 1e-9;
      progress.say(
          String.format(
              Locale.ROOT, "%d images by %s in one pass, %.1f s", count, family, seconds));
      return seconds;
    }
  }
}
