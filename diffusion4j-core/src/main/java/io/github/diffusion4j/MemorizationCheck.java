package io.github.diffusion4j;

import io.github.diffusion4j.EvaluationReport.Row;
import io.github.diffusion4j.evaluation.FeatureNet;
import io.github.diffusion4j.evaluation.Features;
import io.github.diffusion4j.evaluation.IntervalEstimate;
import io.github.diffusion4j.evaluation.Memorization;
import io.github.diffusion4j.evaluation.NearestDistances;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Looks for copies of training images, among the features and among the pixels, with held-out
 * images in the place of samples as the yardstick.
 */
record MemorizationCheck(FeatureExtraction extraction, FeatureNet net) {

  List<Row> rows(ImageSource samples, ImageSource training, ImageSource heldOut)
      throws IOException {
    List<Row> rows = new ArrayList<>();
    for (FeatureNet eye : List.of(net, new PixelNet(samples.shape()))) {
      extraction.complete(heldOut, List.of(eye), FeatureExtraction.Share.ALL);
      rows.addAll(
          rows(
              eye,
              distances(samples, training, eye, Others.STRANGERS),
              distances(samples, heldOut, eye, Others.STRANGERS),
              "samples"));
      rows.addAll(
          rows(
              eye,
              distances(heldOut, training, eye, Others.STRANGERS),
              distances(heldOut, heldOut, eye, Others.THEMSELVES),
              "held-out images"));
    }
    return rows;
  }

  private enum Others {
    STRANGERS,
    THEMSELVES
  }

  private double[] distances(ImageSource samples, ImageSource others, FeatureNet eye, Others kind)
      throws IOException {
    Features all = extraction.read(samples, eye).features();
    NearestDistances nearest = new NearestDistances(all);
    extraction.forEachPart(
        others,
        eye,
        (part, first) -> {
          switch (kind) {
            case STRANGERS -> nearest.see(part);
            case THEMSELVES -> nearest.seeSamples(part, first);
          }
        });
    return nearest.distances();
  }

  private static List<Row> rows(
      FeatureNet eye, double[] toTraining, double[] toHeldOut, String whose) {
    Memorization found = Memorization.of(toTraining, toHeldOut);
    String name =
        String.format(Locale.ROOT, "%s to training / to held-out (%s)", whose, eye.name());
    return List.of(
        row(name + ", median", found.medianRatio()),
        row(
            String.format(Locale.ROOT, "%s, share < %.1f", name, Memorization.CLOSE),
            found.closeShare()));
  }

  private static Row row(String name, IntervalEstimate estimate) {
    return new Row(name, estimate.value(), estimate.interval(), estimate.how());
  }
}
