package io.github.diffusion4j.cli;

import io.github.diffusion4j.BaselineLikelihood;
import io.github.diffusion4j.Datasets;
import io.github.diffusion4j.baseline.Baseline;
import io.github.diffusion4j.baseline.LatentVariableModel;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.data.Split;
import io.github.diffusion4j.likelihood.BitsPerDimension;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.ParseResult;

/** What {@code likelihood} measures of a model that has a bound and no diffusion process. */
record BoundOfAutoencoder(Path folder, int count, int draws, long seed) {
  private static final Set<String> OPTIONS =
      Set.of("--model", "--data", "--data-dir", "--split", "--n", "--draws", "--seed", "--json");

  /** Refuses options that only a diffusion process has a use for. */
  static void requireOptions(ParseResult given, String family) {
    String others =
        given.matchedOptions().stream()
            .filter(option -> !option.inherited())
            .map(option -> option.longestName())
            .filter(name -> !OPTIONS.contains(name))
            .sorted()
            .collect(Collectors.joining(", "));
    if (!others.isEmpty()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s is given, but the model is a %s; allowed for it: %s",
              others,
              family,
              OPTIONS.stream().sorted().collect(Collectors.joining(", "))));
    }
  }

  /** Prints the bound and its parts, and returns them. */
  BaselineLikelihood print(Datasets datasets, String data, Optional<Split> split, PrintStream out)
      throws IOException {
    try (Baseline model = Baseline.open(folder);
        Progress progress = Progress.of("bound")) {
      if (!(model instanceof LatentVariableModel autoencoder)) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "%s is a %s, which says nothing of how probable an image is; allowed: a diffusion model, a vae or an hvae",
                folder,
                model.config().word()));
      }
      ImageDataset images = datasets.open(data, split, Datasets.shape(model.config()));
      BaselineLikelihood report =
          BaselineLikelihood.of(
              autoencoder,
              images,
              count,
              draws,
              seed,
              done -> progress.show(done, String.format(Locale.ROOT, "%d images", count)));
      print(report, out);
      return report;
    }
  }

  private static void print(BaselineLikelihood report, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%nbits per dimension of %d images, with standard errors%n%n",
        report.images());
    for (int level = 0; level < report.divergences().size(); level++) {
      row(out, "divergence of level " + level, report.divergences().get(level));
    }
    row(out, "pixels", report.pixels());
    row(out, "variational bound", report.bound());
  }

  private static void row(PrintStream out, String name, BitsPerDimension bits) {
    out.printf(Locale.ROOT, "  %-22s %9.4f ± %.4f%n", name, bits.mean(), bits.standardError());
  }
}
