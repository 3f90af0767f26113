package io.github.diffusion4j.cli;

import io.github.diffusion4j.likelihood.BitsPerDimension;
import io.github.diffusion4j.likelihood.BoundTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The numbers of a likelihood, as a table by ranges of t and as CSV by every t. */
record LikelihoodReport(Optional<BoundTable> bound, Optional<BitsPerDimension> flow) {
  private static final int[] STEPS_OF_A_DECADE = {1, 2, 5};

  void print(PrintStream out, int images) {
    out.printf(Locale.ROOT, "%nbits per dimension of %d images, with standard errors%n%n", images);
    bound.ifPresent(table -> print(out, table));
    flow.ifPresent(bits -> row(out, "probability-flow ODE", bits));
  }

  /** Returns the same for programs, in bits per dimension. */
  Map<String, Object> numbers(int images) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("images", images);
    bound.ifPresent(
        table -> {
          Map<String, Object> terms = new LinkedHashMap<>();
          terms.put("prior", table.prior());
          terms.put("decoder", table.decoder());
          terms.put("total", table.total());
          terms.put("rows", table.rows());
          numbers.put("bound", terms);
        });
    flow.ifPresent(bits -> numbers.put("ode", bits));
    return numbers;
  }

  private static void print(PrintStream out, BoundTable table) {
    row(out, "prior, L_T", table.prior());
    List<Integer> edges = edges(table.steps());
    for (int i = edges.size() - 1; i >= 1; i--) {
      int from = edges.get(i - 1) + 1;
      String range = String.format(Locale.ROOT, "t = %d…%d", from, edges.get(i));
      row(out, range, table.terms(from, edges.get(i)));
    }
    row(out, "decoder, L_0 (t = 1)", table.decoder());
    row(out, "variational bound", table.total());
  }

  /** Returns 1, 2, 5, 10, 20, 50 … and the last step. */
  private static List<Integer> edges(int steps) {
    List<Integer> edges = new ArrayList<>();
    for (int decade = 1; decade < steps; decade *= 10) {
      for (int step : STEPS_OF_A_DECADE) {
        if (decade * step < steps) {
          edges.add(decade * step);
        }
      }
    }
    edges.add(steps);
    return edges;
  }

  private static void row(PrintStream out, String name, BitsPerDimension bits) {
    String noise =
        bits.noiseError().isEmpty()
            ? ""
            : String.format(
                Locale.ROOT, "   (%.4f of it from noise)", bits.noiseError().getAsDouble());
    out.printf(
        Locale.ROOT, "  %-22s %9.4f ± %.4f%s%n", name, bits.mean(), bits.standardError(), noise);
  }

  String csv() {
    StringBuilder csv =
        new StringBuilder("term,t,looks,bits_per_dim,standard_error,x0_mse,epsilon_mse\n");
    bound.ifPresent(
        table -> {
          line(csv, "prior", table.prior());
          for (BoundTable.Row row : table.rows()) {
            String name = row.t() == 1 ? "decoder" : "step";
            csv.append(
                String.format(
                    Locale.ROOT,
                    "%s,%d,%d,%s,%s,%s,%s%n",
                    name,
                    row.t(),
                    row.looks(),
                    row.bits(),
                    row.standardError(),
                    row.x0Error(),
                    row.epsilonError()));
          }
          line(csv, "bound", table.total());
        });
    flow.ifPresent(bits -> line(csv, "ode", bits));
    return csv.toString().replace(System.lineSeparator(), "\n");
  }

  private static void line(StringBuilder csv, String name, BitsPerDimension bits) {
    csv.append(
        String.format(Locale.ROOT, "%s,,,%s,%s,,%n", name, bits.mean(), bits.standardError()));
  }
}
