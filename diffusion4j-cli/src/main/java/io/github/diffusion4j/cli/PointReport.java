package io.github.diffusion4j.cli;

import io.github.diffusion4j.PointEvaluation;
import io.github.diffusion4j.PointEvaluation.Compared;
import io.github.diffusion4j.checkpoint.ModelCard.Measurement;
import java.util.List;
import java.util.Locale;

/** What the comparison of a model's points with fresh ones says, as a table. */
final class PointReport {
  private PointReport() {}

  static String of(PointEvaluation evaluation) {
    return String.format(
            Locale.ROOT, "%,d points of the model against fresh ones:%n", evaluation.points())
        + String.format(
            Locale.ROOT,
            "%-22s %10s %10s %10s %12s%n",
            "",
            "model",
            "floor",
            "varies by",
            "deviations")
        + row("sliced Wasserstein", "%10.4f", evaluation.slicedWasserstein())
        + row("MMD squared", "%10.2e", evaluation.squaredDiscrepancy())
        + "floor: two fresh sets; deviations: how far the model is above it";
  }

  /** Returns the same for the model's page. */
  static List<Measurement> measurements(PointEvaluation evaluation) {
    String against =
        String.format(Locale.ROOT, ", %,d points against fresh ones", evaluation.points());
    return List.of(
        new Measurement(
            "sliced Wasserstein distance" + against,
            beside("%.4f", evaluation.slicedWasserstein())),
        new Measurement("MMD²" + against, beside("%.2e", evaluation.squaredDiscrepancy())));
  }

  private static String beside(String number, Compared compared) {
    return String.format(
        Locale.ROOT,
        number + "; two fresh sets: " + number + " ± " + number,
        compared.model(),
        compared.floor(),
        compared.floorDeviation());
  }

  private static String row(String name, String number, Compared compared) {
    return String.format(
        Locale.ROOT,
        "%-22s " + number + " " + number + " " + number + " %12.1f%n",
        name,
        compared.model(),
        compared.floor(),
        compared.floorDeviation(),
        compared.deviationsAboveFloor());
  }
}
