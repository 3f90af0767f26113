package io.github.diffusion4j.cli;

import io.github.diffusion4j.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** One page with all pictures and numbers of a quickstart; it needs no other file. */
final class QuickstartReport {
  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>diffusion4j quickstart</title>
      <style>
        body { font: 16px/1.5 system-ui, sans-serif; color: #222; max-width: 60rem;
               margin: 2rem auto; padding: 0 1rem }
        h2 { margin-top: 2.5rem }
        img { max-width: 100%; image-rendering: pixelated; border: 1px solid #ddd }
        img.chart { image-rendering: auto; border: 0 }
        table { border-collapse: collapse }
        td { padding: .2rem 1.5rem .2rem 0; border-bottom: 1px solid #eee }
        p.advice { border-left: 4px solid #c60; padding-left: 1rem }
        td + td { font-variant-numeric: tabular-nums }
        figure { display: inline-block; margin: 0 1rem 1rem 0 }
        figure img { width: 14rem }
      </style>
      </head>
      <body>
      <h1>Digits drawn from noise</h1>
      <p>A denoising diffusion model (DDPM), trained on this machine from scratch.</p>
      """;

  private QuickstartReport() {}

  /** A grid of samples that was drawn after so many minutes of training. */
  record Grid(int minute, Path file) {}

  static void write(
      Path folder, QuickstartVerdict verdict, Measurements measurements, List<Grid> grids)
      throws IOException {
    StringBuilder page = new StringBuilder(HEAD);
    picture(page, folder.resolve("samples.png"), verdict.title(), "");
    verdict
        .advice()
        .ifPresent(
            advice ->
                page.append(String.format(Locale.ROOT, "<p class=\"advice\">%s</p>%n", advice)));
    measurements
        .notes()
        .forEach(note -> page.append(String.format(Locale.ROOT, "<p>%s</p>%n", note)));
    page.append("<h2>Numbers</h2>\n<table>\n");
    measurements
        .rows()
        .forEach(
            (name, value) ->
                page.append(
                    String.format(Locale.ROOT, "<tr><td>%s</td><td>%s</td></tr>%n", name, value)));
    page.append("</table>\n<p>FD-digits is the Fréchet distance between features of the samples ")
        .append("and of real digits, measured by this project's own digit classifier; it is not ")
        .append("an FID, and smaller is better.</p>\n");
    if (!grids.isEmpty()) {
      page.append("<h2>Minute by minute</h2>\n");
      for (Grid grid : grids) {
        page.append(
                String.format(
                    Locale.ROOT, "<figure><img alt=\"samples\" src=\"%s\">", data(grid.file())))
            .append(
                String.format(
                    Locale.ROOT,
                    "<figcaption>after %d min</figcaption></figure>%n",
                    grid.minute()));
      }
    }
    picture(page, folder.resolve("forward.png"), "Forward: digits dissolve into noise", "");
    picture(
        page,
        folder.resolve("reverse.png"),
        "Reverse: noise becomes digits, and below each step the network's estimate of the end",
        "");
    picture(page, folder.resolve("loss.png"), "Loss", " class=\"chart\"");
    AtomicFile.write(folder.resolve("report.html"), page.append("</body>\n</html>\n"));
  }

  private static void picture(StringBuilder page, Path file, String title, String attributes)
      throws IOException {
    page.append(
        String.format(
            Locale.ROOT,
            "<h2>%s</h2>%n<img%s alt=\"%s\" src=\"%s\">%n",
            title,
            attributes,
            title,
            data(file)));
  }

  private static String data(Path file) throws IOException {
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }
}
