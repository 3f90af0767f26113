package io.github.diffusion4j.cli;

import io.github.diffusion4j.ComparedModel;
import io.github.diffusion4j.EvaluationReport;
import io.github.diffusion4j.EvaluationReport.Row;
import io.github.diffusion4j.evaluation.Interval;
import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.image.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** One page with the samples and numbers of several models; it needs no other file. */
record ComparisonReport(List<ComparedModel> models) {
  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Models compared</title>
      <style>
        body { font: 16px/1.5 system-ui, sans-serif; color: #222; max-width: 75rem;
               margin: 2rem auto; padding: 0 1rem }
        h2 { margin-top: 2.5rem }
        .wide { overflow-x: auto }
        table { border-collapse: collapse }
        th, td { padding: .3rem 1.5rem .3rem 0; border-bottom: 1px solid #eee; text-align: left;
                 vertical-align: top }
        td + td { font-variant-numeric: tabular-nums }
        small { color: #666; display: block }
        figure { display: inline-block; margin: 0 1rem 1rem 0; vertical-align: top }
        figure img { width: 17rem; image-rendering: pixelated; border: 1px solid #ddd }
        figcaption { max-width: 17rem }
      </style>
      </head>
      <body>
      <h1>Models compared</h1>
      """;

  /** Writes the page. */
  void write(Path file) throws IOException {
    StringBuilder page = new StringBuilder(HEAD);
    protocol(page);
    page.append("<h2>Samples</h2>\n<div>\n");
    for (ComparedModel model : models) {
      page.append(
          String.format(
              Locale.ROOT,
              "<figure><img alt=\"samples of %s\" src=\"%s\"><figcaption>%s<small>%s</small></figcaption></figure>%n",
              text(model.name()),
              data(model),
              text(model.name()),
              text(model.manner())));
    }
    page.append("</div>\n<h2>Numbers</h2>\n<div class=\"wide\"><table>\n");
    table(page);
    page.append("</table></div>\n");
    classes(page);
    AtomicFile.write(file, page.append("</body>\n</html>\n"));
  }

  private void protocol(StringBuilder page) {
    EvaluationReport.Protocol protocol = models.get(0).report().protocol();
    page.append(
        String.format(
            Locale.ROOT,
            "<p>%,d samples of each model, images %s, seen by the network %s, against %s; seed %d. Below each number is its confidence interval of 95 %%: of such intervals, 95 of 100 hold the mean that the number has over sets of as many samples of the same model. Two models whose intervals overlap may be equally good.</p>%n",
            protocol.samples(),
            text(protocol.shape()),
            text(protocol.net()),
            text(protocol.real().orElse("nothing")),
            protocol.seed()));
    for (ComparedModel model : models) {
      for (String warning : model.report().warnings()) {
        page.append(
            String.format(Locale.ROOT, "<p>%s: %s</p>%n", text(model.name()), text(warning)));
      }
    }
  }

  private void table(StringBuilder page) {
    line(page, "th", "", model -> text(model.name()));
    Set<String> metrics = new LinkedHashSet<>();
    models.forEach(model -> model.report().rows().forEach(row -> metrics.add(row.metric())));
    for (String metric : metrics) {
      line(page, "td", metric, model -> model.report().row(metric).map(this::number).orElse("–"));
    }
    line(
        page,
        "td",
        "bits per dimension, at most",
        model ->
            model
                .bound()
                .map(
                    bits ->
                        with(
                            String.format(Locale.ROOT, "%.3f", bits.mean()),
                            Interval.normal(bits.mean(), bits.standardError()).toString()))
                .orElse("–"));
    line(page, "td", "parameters", model -> String.format(Locale.ROOT, "%,d", model.parameters()));
    line(
        page,
        "td",
        "training",
        model -> model.trainingSeconds().map(Durations::of).orElse("not known"));
    line(
        page,
        "td",
        "sampling, per image",
        model -> String.format(Locale.ROOT, "%.1f ms", 1e3 * model.secondsPerImage()));
  }

  private void classes(StringBuilder page) {
    if (models.stream().allMatch(model -> model.classes().isEmpty())) {
      return;
    }
    page.append(
        "<h2>Classes</h2>\n<p>What the network reads in the samples. A class is covered if a tenth of an even share is of it.</p>\n<div class=\"wide\"><table>\n");
    line(page, "th", "", model -> text(model.name()));
    line(page, "td", "covered", model -> model.covered() + " of " + model.classes().size());
    for (int i = 0; i < models.get(0).classes().size(); i++) {
      int number = i;
      line(
          page,
          "td",
          "class " + i,
          model -> String.format(Locale.ROOT, "%,d", model.classes().get(number)));
    }
    page.append("</table></div>\n");
  }

  private void line(
      StringBuilder page, String cell, String name, Function<ComparedModel, String> value) {
    page.append("<tr><td>").append(text(name)).append("</td>");
    for (ComparedModel model : models) {
      page.append(String.format(Locale.ROOT, "<%s>%s</%1$s>", cell, value.apply(model)));
    }
    page.append("</tr>\n");
  }

  private String number(Row row) {
    return with(EvaluationTable.value(row), row.interval().map(Interval::toString).orElse(""));
  }

  private static String with(String value, String below) {
    return value + "<small>" + below + "</small>";
  }

  private static String text(String plain) {
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static String data(ComparedModel model) throws IOException {
    Path file = Files.createTempFile("samples", ".png");
    try {
      Png.write(model.samples(), file);
      return "data:image/png;base64,"
          + Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    } finally {
      Files.delete(file);
    }
  }
}
