package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.checkpoint.ModelSource;
import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.image.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndToEndTest {
  static final List<String> TINY =
      List.of(
          "--model.widths=8,8",
          "--model.blocks=residual,residual",
          "--training.batch=8",
          "--training.learningRate.decay=constant",
          "--sampling.steps=2",
          "--reporting.logEverySteps=1",
          "--reporting.sampleEverySteps=4",
          "--reporting.sampleCount=4");

  @TempDir private Path folder;

  private Cli train(Path out, String... more) {
    List<String> line = new ArrayList<>(List.of("train", "--out", out.toString()));
    line.addAll(List.of(more));
    return Cli.run(line.toArray(String[]::new));
  }

  private Cli trainTiny(Path out, int steps, String... changes) {
    List<String> more = new ArrayList<>(List.of("--preset", "digits-quickstart"));
    more.add("--max-steps=" + steps);
    more.addAll(TINY);
    more.addAll(List.of(changes));
    return train(out, more.toArray(String[]::new));
  }

  @Test
  void train_leavesACompleteRunDirectory() throws IOException {
    Path run = folder.resolve("run");

    Cli result = trainTiny(run, 4);

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(Files.readString(run.resolve("config.json"))).contains("dataFingerprint", "seed");
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(4);
    assertThat(Png.read(run.resolve("samples/step-00000004.png")).getWidth()).isPositive();
    assertThat(run.resolve("checkpoints/latest")).hasContent("step-00000004\n");
    assertThat(run.resolve("checkpoints/step-00000004/model_index.json")).isRegularFile();
  }

  @Test
  void quickstart_leavesPicturesNumbersAndAReport() throws IOException {
    Path run = folder.resolve("quickstart");
    List<String> line = new ArrayList<>(List.of("quickstart", "--minutes=0.005", "--out=" + run));
    line.addAll(TINY);

    Cli result = Cli.run(line.toArray(String[]::new));

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(Png.read(run.resolve("samples.png")).getWidth()).isEqualTo(8 * (3 * 28 + 2) + 2);
    for (String picture : List.of("forward.png", "reverse.png", "loss.png")) {
      assertThat(Png.read(run.resolve(picture)).getWidth()).isGreaterThan(200);
    }
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("FD-digits", "images seen", "data:image/png;base64,")
        .doesNotContain("src=\"http");
    assertThat(result.out())
        .contains("samples judged           64", "train longer", "next: ./diffusion4j sample");
  }

  @Test
  void configOfARun_isARecipeForAnother() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    trainTiny(first, 2);

    Cli result = train(second, "--config", first.resolve("config.json").toString());

    assertThat(result.err()).isEmpty();
    Path weights = Path.of("checkpoints/step-00000002/unet/diffusion_pytorch_model.safetensors");
    assertThat(second.resolve(weights)).hasSameBinaryContentAs(first.resolve(weights));
  }

  @Test
  void resumed_equalsUninterrupted_byteForByte() throws IOException {
    Path straight = folder.resolve("straight");
    Path broken = folder.resolve("broken");
    trainTiny(straight, 6);
    trainTiny(broken, 3);

    Cli resumed = train(broken, "--resume", "--max-steps=6");

    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.out()).contains("resuming at step 3");
    Path last = Path.of("checkpoints", "step-00000006");
    for (String file :
        List.of("training_state.safetensors", "unet/diffusion_pytorch_model.safetensors")) {
      assertThat(broken.resolve(last).resolve(file))
          .hasSameBinaryContentAs(straight.resolve(last).resolve(file));
    }
    assertThat(Files.readAllLines(broken.resolve("metrics.jsonl"))).hasSize(6);
  }

  @Test
  void sample_drawsTheSameImagesInAnyBatch() throws IOException {
    Path run = folder.resolve("run");
    trainTiny(run, 2);
    Path together = folder.resolve("together.npy");
    Path alone = folder.resolve("alone.npy");

    Cli first = sample(run, together, "--batch", "6");
    Cli second = sample(run, alone, "--batch", "1");

    assertThat(first.err() + second.err()).isEmpty();
    byte[] a = Files.readAllBytes(together);
    byte[] b = Files.readAllBytes(alone);
    assertThat(a).hasSameSizeAs(b);
    int differing = 0;
    for (int i = 0; i < a.length; i++) {
      assertThat(Math.abs((a[i] & 0xFF) - (b[i] & 0xFF))).isLessThanOrEqualTo(1);
      differing += a[i] == b[i] ? 0 : 1;
    }
    // Convolutions round differently in other batch sizes; a gray level may tip over at a half.
    assertThat(differing).isLessThan(a.length / 100);
  }

  @Test
  void likelihood_printsATableAndWritesEveryTerm() throws IOException {
    Path run = folder.resolve("run");
    trainTiny(run, 2);
    Path csv = folder.resolve("tables/terms.csv");

    Cli result = likelihood(run, "digits", "--times=8", "--draws=2", "--csv=" + csv);
    Cli again = likelihood(run, "digits", "--times=8", "--draws=2");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("bits per dimension of 6 images", "t = 501…1000", "decoder, L_0", "from noise")
        .containsPattern("variational bound +\\d+\\.\\d{4} ± \\d+\\.\\d{4}")
        .containsPattern("probability-flow ODE +-?\\d+\\.\\d{4} ± \\d+\\.\\d{4}");
    assertThat(again.out().lines().filter(line -> line.contains("±")).toList())
        .isNotEmpty()
        .isEqualTo(result.out().lines().filter(line -> line.contains("±")).toList());
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines.get(0))
        .isEqualTo("term,t,looks,bits_per_dim,standard_error,x0_mse,epsilon_mse");
    assertThat(lines.get(2)).startsWith("decoder,1,12,");
    assertThat(lines).allMatch(line -> line.split(",", -1).length == 7);
    assertThat(lines.get(lines.size() - 1)).startsWith("ode,,,");
  }

  @Test
  void likelihood_ofDataThatDoNotFit_isRefused() {
    Path run = folder.resolve("run");
    trainTiny(run, 1);
    Path toy = folder.resolve("toy");
    train(toy, "--preset", "toy2d", "--max-steps=1");

    Cli noTestPart = likelihood(run, "digits", "--split=test");
    Cli points = likelihood(toy, "digits");
    Cli nowhere = likelihood(run, "nowhere");

    assertThat(noTestPart.err()).startsWith("error: split is test").hasLineCount(1);
    assertThat(points.err()).contains("a model of points").hasLineCount(1);
    assertThat(nowhere.err()).contains("nowhere").hasLineCount(1);
    assertThat(List.of(noTestPart.exitCode(), points.exitCode(), nowhere.exitCode()))
        .containsOnly(2);
  }

  private static Cli likelihood(Path run, String data, String... more) {
    List<String> line =
        new ArrayList<>(List.of("likelihood", "--model", run.toString(), "--data", data));
    line.addAll(List.of("--n", "6", "--steps", "2"));
    line.addAll(List.of(more));
    return Cli.run(line.toArray(String[]::new));
  }

  @Test
  void sample_writesOnePictureEachIntoAFolder() throws IOException {
    Path run = folder.resolve("run");
    trainTiny(run, 1);
    Path pictures = folder.resolve("pictures");

    Cli result = sample(run, pictures, "--sampler", "ddim");

    assertThat(result.err()).isEmpty();
    assertThat(Png.read(pictures.resolve("000005.png")).getHeight()).isEqualTo(28);
  }

  private static Cli sample(Path run, Path out, String... more) {
    List<String> line =
        new ArrayList<>(List.of("sample", "--model", run.toString(), "--out", out.toString()));
    line.addAll(List.of("--n", "6", "--steps", "3"));
    line.addAll(List.of(more));
    return Cli.run(line.toArray(String[]::new));
  }

  @Test
  void dryRun_printsTheRecipeAndItsCost() {
    Cli result = Cli.run("train", "--preset", "cifar10-ho", "--training.batch=64", "--dry-run");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("* training.batch = 64")
        .contains("  training.learningRate.peak = 0.0002")
        .contains("35,746,307")
        .contains("GFLOP");
  }

  @Test
  void explain_writesPicturesAndTables() throws IOException {
    Path schedule = folder.resolve("schedule");
    Path forward = folder.resolve("forward.png");

    Cli first = Cli.run("explain", "schedule", "--all", "--steps=20", "--out=" + schedule);
    Cli second = Cli.run("explain", "forward", "--n", "3", "--out", forward.toString());

    assertThat(first.exitCode()).isZero();
    assertThat(first.err().lines()).allMatch(line -> line.startsWith("warning: "));
    assertThat(first.err()).contains("warning: linear: linear keeps the betas of T = 1000");
    assertThat(second.err()).isEmpty();
    assertThat(Files.readAllLines(schedule.resolve("schedule.csv")))
        .hasSize(1 + ScheduleKind.values().length * 20)
        .startsWith("kind,t,beta,alpha,alphaBar,betaTilde,snr,logSnr");
    assertThat(Png.read(schedule.resolve("logSnr.png")).getWidth()).isEqualTo(900);
    assertThat(Png.read(schedule.resolve("alphaBar.png")).getWidth()).isEqualTo(900);
    assertThat(Png.read(forward).getHeight()).isGreaterThan(9 * 28);
    assertThat(second.out()).contains("1000");
  }

  @Test
  void explainSamplers_measuresOrdersAndLaws() throws IOException {
    Path out = folder.resolve("samplers");

    Cli result = Cli.run("explain", "samplers", "--n=200", "--out=" + out);

    assertThat(result.exitCode()).isZero();
    List<String> rows = Files.readAllLines(out.resolve("samplers.csv"));
    assertThat(rows).hasSize(1 + 2 * SamplingConfig.Sampler.values().length);
    assertThat(order(rows, "euler")).isBetween(0.9, 1.1);
    assertThat(order(rows, "heun")).isBetween(1.9, 2.1);
    assertThat(order(rows, "dpm++2m")).isBetween(1.8, 2.1);
    assertThat(order(rows, "dpm++3m")).isBetween(2.7, 3.2);
    assertThat(Png.read(out.resolve("samplers.png")).getWidth()).isEqualTo(900);
    assertThat(result.out()).contains("two fresh samples");
  }

  private static double order(List<String> rows, String sampler) {
    return rows.stream()
        .map(row -> row.split(",", -1))
        .filter(row -> row[0].equals("linear") && row[1].equals(sampler))
        .mapToDouble(row -> Double.parseDouble(row[2]))
        .findFirst()
        .orElseThrow();
  }

  /** The engine is measured once; afterwards its choice is what the run says. */
  @Test
  void sample_withoutEngine_measuresOnceAndSaysWhatDrew() throws IOException {
    Path run = folder.resolve("run");
    trainTiny(run, 1);
    String recipe = ConfigFiles.toJson(ConfigFiles.readRun(run.resolve("config.json")));

    Cli first = sample(run, folder.resolve("first.png"));
    Cli second = sample(run, folder.resolve("second.png"));

    assertThat(first.err() + second.err()).isEmpty();
    assertThat(first.out()).containsOnlyOnce("kept in " + run.resolve("config.json"));
    assertThat(second.out()).doesNotContain("kept in");
    assertThat(folder.resolve("second.png")).hasSameBinaryContentAs(folder.resolve("first.png"));
    assertThat(ConfigFiles.toJson(ConfigFiles.readRun(run.resolve("config.json"))))
        .isEqualTo(recipe);
    assertThat(Png.notes(folder.resolve("first.png")))
        .containsEntry("model", run.toString())
        .containsEntry("sampling", "ddpm, 3 steps, trailing spacing")
        .containsEntry("seed", "0")
        .containsKeys("Software", "engine", "batch");
  }

  @Test
  void sample_spacingAlone_namesTheSamplerThatItTook() throws IOException {
    Path run = folder.resolve("run");
    trainTiny(run, 1);

    Cli result = sample(run, folder.resolve("grid.png"), "--spacing", "karras");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("no --sampler: dpm++2m with 3 steps, the default for this model");
  }

  @Test
  void sample_modernSamplerAndSpacing_drawsThePictures() throws IOException {
    Path run = folder.resolve("run");
    trainTiny(run, 1);
    Path grid = folder.resolve("grid.png");

    Cli result = sample(run, grid, "--sampler", "dpm++2m", "--spacing", "karras");

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("by dpm++2m with 3 steps");
    assertThat(Png.read(grid).getHeight()).isGreaterThan(28);

    String model = run.toString();
    Path respaced = folder.resolve("respaced.png");
    Cli sections =
        Cli.run(
            "sample", "--model", model, "--n=2", "--respacing=2,1", "--out", respaced.toString());
    assertThat(sections.out()).contains("by ddpm with 3 steps");
    Cli both = sample(run, grid, "--respacing=2,1");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("allowed: no steps or spacing beside it");
  }

  @Test
  void sample_withoutSampler_drawsAsTheFolderSays() throws IOException {
    Path run = folder.resolve("run");
    trainTiny(run, 1);
    Path scheduler = ModelSource.resolve(run).resolve("scheduler").resolve("scheduler_config.json");

    Cli ancestral = sample(run, folder.resolve("first.png"));
    Files.writeString(
        scheduler, Files.readString(scheduler).replace("DDPMScheduler", "UniPCMultistepScheduler"));
    Cli other = sample(run, folder.resolve("second.png"));
    Files.writeString(scheduler, "{\"_class_name\": \"EDMEulerScheduler\"}");
    Cli edm = sample(run, folder.resolve("third.png"));
    Files.writeString(scheduler, "{\"_class_name\": \"VQDiffusionScheduler\"}");
    Cli unknown = sample(run, folder.resolve("fourth.png"));

    assertThat(ancestral.err()).isEmpty();
    assertThat(ancestral.out()).contains("no --sampler: ddpm with 3 steps", "by ddpm with 3 steps");
    assertThat(other.err()).isEmpty();
    assertThat(other.out()).contains("by UniPCMultistepScheduler with 3 steps");
    assertThat(Png.read(folder.resolve("second.png")).getHeight()).isGreaterThan(28);
    assertThat(edm.err()).isEmpty();
    assertThat(edm.out()).contains("by edm-euler with 3 steps");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err().lines())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains(
            "_class_name \"VQDiffusionScheduler\" is not supported yet; supported: DDPMScheduler, ");
    assertThat(folder.resolve("fourth.png")).doesNotExist();
  }

  @Test
  void explainSchedule_knowsOtherNamesToo() throws IOException {
    Path out = folder.resolve("schedule");

    Cli result =
        Cli.run("explain", "schedule", "--kinds", "quad,sub-vp,const", "--steps=1", "--out=" + out);

    assertThat(result.exitCode()).isZero();
    assertThat(Files.readString(out.resolve("schedule.csv")))
        .contains("\nscaled-linear,1,1.0E-4,", "\nconstant,1,0.02,", "\nsub-vp,1,");
  }

  @Test
  void train_withFewStepsOfALinearSchedule_warns() {
    Cli result =
        Cli.run(
            "train",
            "--preset=digits-quickstart",
            "--process.schedule.kind=linear",
            "--process.schedule.steps=100",
            "--process.schedule.betaStart=1e-4",
            "--process.schedule.betaEnd=0.02",
            "--dry-run");

    assertThat(result.exitCode()).isZero();
    assertThat(result.err().lines()).hasSize(2).allMatch(line -> line.startsWith("warning: "));
    assertThat(result.err()).contains("rescaled-linear", "60.3 %", "bits per dimension");
  }

  @Test
  void train_withEveryScheduleThatEndsWithoutSignal_keepsFiniteNumbers() throws IOException {
    Path run = folder.resolve("run");

    Cli result =
        trainTiny(
            run,
            3,
            "--process.schedule.kind=zero-terminal-snr",
            "--process.schedule.of.kind=exponential",
            "--process.schedule.of.steps=20",
            "--process.schedule.of.rate=5");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(Files.readString(run.resolve("metrics.jsonl"))).doesNotContain("NaN");
    assertThat(
            Files.readString(
                run.resolve("checkpoints/step-00000003/scheduler/scheduler_config.json")))
        .contains("\"rescale_betas_zero_snr\": true", "\"trained_betas\": [");
  }

  @Test
  void points_areLearnedJudgedAndDrawn() throws IOException {
    Path run = folder.resolve("moons");
    Path table = folder.resolve("points.csv");
    Path picture = folder.resolve("points.png");

    Cli trained =
        train(
            run,
            "--preset",
            "toy2d",
            "--data",
            "moons",
            "--max-steps=4",
            "--training.batch=16",
            "--model.width=8",
            "--sampling.steps=2");
    Cli sampled = sample(run, table, "--sampler", "ddim");
    Cli drawn = sample(run, picture);
    Cli refused = sample(run, folder.resolve("pictures"));

    assertThat(trained.err() + sampled.err() + drawn.err()).isEmpty();
    assertThat(trained.out())
        .contains("moons: 100,000 points")
        .contains("sliced Wasserstein", "MMD squared", "floor");
    assertThat(run.resolve("evaluation.json")).content().contains("floorDeviation");
    assertThat(run.resolve("samples/step-00000004.png")).exists();
    assertThat(Files.readAllLines(table)).hasSize(1 + 6).startsWith("x,y");
    assertThat(Png.read(picture).getWidth()).isEqualTo(480);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("allowed for points: a name ending in .csv");
  }

  @Test
  void doctor_isSatisfied() {
    Cli result = Cli.run("doctor");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("libtorch", "threads", "self-test         ok");
    assertThat(result.out())
        .contains("known answers     ok", "group norm", "attention", "transposed convolution");
  }
}
