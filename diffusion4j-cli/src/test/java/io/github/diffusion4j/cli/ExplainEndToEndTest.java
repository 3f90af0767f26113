package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.diffusion4j.image.Png;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainEndToEndTest {
  @TempDir private Path folder;

  private void explain(String line) {
    Cli result = Cli.run(("explain " + line.replace("@", folder + "/")).split(" "));
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  private BufferedImage picture(String name) throws IOException {
    return Png.read(folder.resolve(name));
  }

  private CsvTable table(String name) throws IOException {
    return CsvTable.read(folder.resolve(name));
  }

  @Test
  void forward_variancesAndMeansAreThoseOfTheory() throws IOException {
    explain("forward --n 12 --out @f.png --csv @f.csv");

    CsvTable table = table("f.csv");
    double[] alphaBar = table.column("alphaBar");
    double[] mean = table.column("mean");
    double[] variance = table.column("variance");
    double[] snr = table.column("snr");
    assertThat(table.column("t")).containsExactly(0, 125, 250, 375, 500, 625, 750, 875, 1000);
    double standardErrors = 4 / Math.sqrt(12 * 28 * 28);
    for (int i = 1; i < alphaBar.length; i++) {
      double expected = alphaBar[i] * variance[0] + 1 - alphaBar[i];
      assertThat(variance[i]).isCloseTo(expected, within(standardErrors * 1.5 * expected));
      assertThat(mean[i]).isCloseTo(Math.sqrt(alphaBar[i]) * mean[0], within(standardErrors));
      assertThat(snr[i]).isCloseTo(alphaBar[i] / (1 - alphaBar[i]), within(1e-9 * snr[i]));
    }
    assertThat(picture("f.png").getWidth()).isEqualTo(9 * (3 * 28 + 4) + 4 + 16);
    assertThat(picture("f.png").getHeight()).isGreaterThan(12 * (3 * 28 + 4) + 70);
  }

  @Test
  void forward_histogramsHoldAllPixels() throws IOException {
    explain("forward --n 4 --out @f.png --csv @f.csv");

    CsvTable table = table("f.csv");
    List<String> bins = table.names().stream().filter(n -> n.startsWith("density_")).toList();
    assertThat(bins).hasSize(70).startsWith("density_-3.45").endsWith("density_3.45");
    for (int row = 0; row < table.rows().size(); row++) {
      double sum = 0;
      for (String bin : bins) {
        sum += 0.1 * table.column(bin)[row];
      }
      assertThat(sum).isCloseTo(1, within(2e-3)); // 0.05 % of noise lies outside
    }
  }

  @Test
  void posterior_densitiesIntegrateToOne_andOnlySmallStepsAreGaussian() throws IOException {
    explain("posterior --t 100,400 --out @p.png --csv @p.csv --factors-csv @factors.csv");

    Map<String, CsvTable> panels = table("p.csv").groups("t", "s");
    assertThat(panels)
        .containsOnlyKeys(
            "100,99", "100,75", "100,50", "100,10", "400,399", "400,300", "400,200", "400,40");
    panels.forEach(
        (key, panel) -> {
          for (String law : List.of("knowing_x0", "not_knowing_x0", "nearest_gaussian")) {
            assertThat(panel.integral(law, "x")).as(key + law).isCloseTo(1, within(1e-3));
          }
        });
    assertThat(distance(table("p.csv").where("t", "100").where("s", "99"))).isLessThan(0.005);
    assertThat(distance(table("p.csv").where("t", "100").where("s", "10"))).isGreaterThan(0.3);
    assertThat(picture("p.png").getWidth()).isEqualTo(76 + 4 * (205 + 16));

    CsvTable factors = table("factors.csv");
    assertThat(factors.rows()).hasSize(1000);
    assertThat(factors.column("x0_factor")[0]).isCloseTo(1, within(1e-12));
    assertThat(factors.column("xt_factor")[0]).isEqualTo(0);
  }

  private static double distance(CsvTable panel) {
    double[] law = panel.column("not_knowing_x0");
    double[] gaussian = panel.column("nearest_gaussian");
    double[] x = panel.column("x");
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += Math.abs(law[i] - gaussian[i]) * (x[1] - x[0]) / 2;
    }
    return sum;
  }

  @Test
  void flowOnALine_columnsIntegrateToOne_fromDataToTheNormalLaw() throws IOException {
    explain(
        "flow --data three-gaussians --steps 200 --out @f.png --csv @paths.csv --density-csv @d.csv");

    Map<String, CsvTable> columns = table("d.csv").groups("t");
    assertThat(columns).hasSize(201);
    columns.forEach(
        (t, column) ->
            assertThat(column.integral("density", "x")).as(t).isCloseTo(1, within(1e-3)));
    assertThat(Arrays.stream(table("d.csv").where("t", "0").column("density")).max().orElseThrow())
        .isCloseTo(0.2 / (0.05 * Math.sqrt(2 * Math.PI)), within(1e-3));
    assertThat(picture("f.png").getWidth()).isEqualTo(936);
    assertThat(picture("f.png").getHeight()).isEqualTo(820);
  }

  @Test
  void flowOnALine_pathsOfTheOdeDoNotCross_thoseOfTheSamplerDo() throws IOException {
    explain("flow --paths 25 --out @f.png --csv @paths.csv");

    CsvTable paths = table("paths.csv");
    assertThat(paths.where("kind", "forward").rows()).hasSize(25 * 1001);
    assertThat(crossings(paths.where("kind", "ode"))).isZero();
    assertThat(crossings(paths.where("kind", "ancestral"))).isPositive();
    assertThat(crossings(paths.where("kind", "forward"))).isPositive();
  }

  /** At how many moments the paths are not in the order in which they began at T. */
  private static long crossings(CsvTable paths) {
    Map<String, CsvTable> moments = paths.groups("t");
    String first = paths.rows().get(0)[paths.names().indexOf("t")];
    List<String> order = paths(paths.where("t", first).sortedBy("x"));
    return moments.values().stream()
        .filter(moment -> !paths(moment.sortedBy("x")).equals(order))
        .count();
  }

  private static List<String> paths(CsvTable moment) {
    int index = moment.names().indexOf("path");
    return moment.rows().stream().map(row -> row[index]).toList();
  }

  @Test
  void flowInThePlane_densitiesAreWhole_andAllPathsAreWritten() throws IOException {
    explain(
        "flow --data moons --points 200 --steps 60 --t 1,20 --paths 7 --out @f.png --csv @paths.csv --density-csv @d.csv");

    double cell = Math.pow(4.4 / 88, 2);
    Map<String, CsvTable> panels = table("d.csv").groups("t");
    assertThat(panels).containsOnlyKeys("1", "20");
    assertThat(cell * Arrays.stream(table("d.csv").where("t", "1").column("density")).sum())
        .isCloseTo(1, within(1e-3));
    assertThat(table("paths.csv").rows()).hasSize(3 * 7 * 61);
    assertThat(picture("f.png").getWidth()).isEqualTo(112 + 2 * (176 + 8));
  }

  @Test
  void flow_withAModel_followsTheModelInsteadOfTheData() throws IOException {
    Cli.run(
        "train",
        "--preset=toy2d",
        "--max-steps=2",
        "--training.batch=16",
        "--reporting.sampleCount=4",
        "--out=" + folder.resolve("toy"));

    explain("flow --data moons --points 50 --paths 3 --t 9 --out @exact.png --csv @exact.csv");
    explain(
        "flow --data moons --points 50 --paths 3 --t 9 --model @toy --out @model.png --csv @model.csv");

    CsvTable exact = table("exact.csv").where("kind", "ode");
    CsvTable model = table("model.csv").where("kind", "ode");
    assertThat(model.column("t")).containsExactly(exact.column("t"));
    assertThat(model.column("x")[0]).isEqualTo(exact.column("x")[0]); // the same noise
    assertThat(model.column("x")[250]).isNotCloseTo(exact.column("x")[250], within(0.01));
  }

  @Test
  void reverse_showsAndMeasuresEachStep() throws IOException {
    List<String> train = new ArrayList<>(EndToEndTest.TINY);
    train.addAll(
        0,
        List.of(
            "train",
            "--preset",
            "digits-quickstart",
            "--max-steps=1",
            "--out=" + folder.resolve("run")));
    Cli.run(train.toArray(String[]::new));

    explain("reverse --model @run --sampler ddim --steps 12 --n 3 --out @r.png --csv @r.csv");

    CsvTable table = table("r.csv");
    assertThat(table.column("step")).hasSize(12).startsWith(1).endsWith(12);
    assertThat(table.column("t")).startsWith(1000);
    assertThat(table.column("xt_variance")[0]).isCloseTo(1, within(0.12)); // 2352 normal numbers
    assertThat(table.rows().get(0)).endsWith("");
    assertThat(Double.parseDouble(table.rows().get(1)[4])).isPositive();
    assertThat(picture("r.png").getWidth()).isEqualTo(66 + 10 * 58 + 2 + 12);
    assertThat(picture("r.png").getHeight()).isGreaterThan(6 * 58 + 2 * 96);
  }
}
