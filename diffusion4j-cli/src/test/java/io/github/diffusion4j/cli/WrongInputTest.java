package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WrongInputTest {
  @TempDir private Path folder;

  static Stream<Arguments> wrongInputs() {
    return Stream.of(
        wrong("train --preset mnst --out o", "mnst", "mnist"),
        wrong(
            "train --preset mnist --out o --training.bacth=8", "training.bacth", "training.batch"),
        wrong("train --preset mnist --out o --training.batch=0", "training.batch", "0", "above 0"),
        wrong("train --preset mnist --out o --training.batch=many", "training.batch", "many"),
        wrong("train --preset mnist --out o --max-steps=ten", "ten", "--max-steps"),
        wrong("train --preset mnist --out o --max-minutes=-1", "-1", "maxMinutes"),
        wrong("train --preset mnist --out o --rsume", "rsume", "--resume"),
        wrong("train mnist", "mnist is no option", "did you mean --preset mnist?"),
        wrong("train --preset mnist mine.yaml", "did you mean --config mine.yaml?"),
        wrong("train --preset mnist src", "did you mean --data src?"),
        wrong("train --prest mnist", "--prest", "did you mean --preset?"),
        wrong("train --preset mnist --config a.json", "both given", "allowed: one of them"),
        wrong("train --preset mnist --out o --training.batch", "--training.batch has no value"),
        wrong("train --preset mnist --out o --model.width 32", "model.width", "model.widths?"),
        wrong("train --preset mnist --out=", "--out is empty; allowed: the name of"),
        wrong("train --preset= --out o", "--preset is empty; allowed: some text"),
        wrong(
            "train --preset mnist --max-steps=1.5", "--max-steps is 1.5; allowed: a whole number"),
        wrong("quickstart --minutes=two", "--minutes is two; allowed: a number"),
        wrong("train --preset mnist --strict=x", "--strict has a value"),
        wrong("sample --modle m --out o.png", "--modle is unknown, did you mean --model?"),
        wrong("train --preset mnist --dry-run --json j.json", "--json", "--dry-run"),
        wrong("train --resume", "--out"),
        wrong("train --out o", "--preset", "--config", "digits-quickstart"),
        wrong("train --preset mnist --data nowhere --out o", "nowhere", "mnist"),
        wrong("train --preset mnist --data-dir nowhere --out o", "nowhere"),
        wrong("train --config nowhere.json --out o", "nowhere.json"),
        wrong("train --resume --out nowhere", "nowhere", "no checkpoint"),
        wrong("train --resume --preset mnist --out o", "--resume", "--preset"),
        wrong("train --preset mnist --out o --model.widths=12,64,64", "model.widths", "multiples"),
        wrong("train --preset toy2d --data mnist --out o", "mnist", "moons", "mlp"),
        wrong("train --preset mnist --data moons --out o", "moons", "points", "toy2d"),
        wrong("train --preset toy2d --model.width=0 --out o", "model.width", "above 0"),
        wrong("train --family gon --out o", "gon", "vae, hvae, gan"),
        wrong("train --family vae --preset mnist --out o", "vae", "mnist", "diffusion"),
        wrong("train --family gan --preset mnist-vae --out o", "gan", "mnist-vae"),
        wrong("train --family vae --data moons --out o", "moons", "points"),
        wrong("train --preset mnist-vae --family.size=30 --out o", "family.size", "multiple of 4"),
        wrong("train --preset mnist-vae --family.latnt=3 --out o", "family.latent"),
        wrong("sample --model nowhere --out o.png", "nowhere"),
        wrong("sample --out o.png", "--model"),
        wrong("sample --model m --out o.gif", "o.gif", ".png"),
        wrong("sample --model m --out o.png --n 0", "--n", "0", "at least 1"),
        wrong("sample --model m --out o.png --sampler ddmp", "ddmp", "did you mean ddpm?", "unipc"),
        wrong("sample --model m --out o.png --sampler dpm+2m", "did you mean dpm++2m?"),
        wrong("sample --model m --out o.png --spacing karas", "did you mean karras?"),
        wrong("explain samplers --n 1", "--n", "at least 2"),
        wrong("sample --model m --out o.png --stesp 5", "--stesp", "--steps"),
        wrong("likelihood --data mnist", "--model"),
        wrong("likelihood --model m", "--data"),
        wrong("likelihood --model nowhere --data mnist", "nowhere"),
        wrong("likelihood --model m --data mnist --n 1", "--n", "1", "at least 2"),
        wrong("likelihood --model m --data mnist --times 1", "--times", "at least 2"),
        wrong("likelihood --model m --data mnist --draws 0", "--draws", "at least 1"),
        wrong("likelihood --model m --data mnist --steps 0", "--steps", "at least 1"),
        wrong("likelihood --model m --data mnist --method elbo", "elbo", "vlb, ode, both"),
        wrong("likelihood --model m --data mnist --variance beta", "m"), // and not: beta
        wrong("likelihood --model m --data mnist --variance BETA_TILDE", "m"),
        wrong("likelihood --model m --data mnist --variance beta-tilda", "mean beta-tilde?"),
        wrong("likelihood --model m --data mnist --decoder erf", "erf", "exact, tanh"),
        wrong("likelihood --model m --data mnist --split half", "half", "train, test"),
        wrong("evaluate --data digits", "--model", "--samples"),
        wrong("evaluate --model m --samples s --data digits", "--model", "--samples", "one of"),
        wrong("evaluate --samples nowhere --data digits", "nowhere", "does not exist", ".npz"),
        wrong("evaluate --samples s --data mnits", "mnits", "did you mean mnist?"),
        wrong("evaluate --samples s --data digits --split test", "--split", "digits"),
        wrong("evaluate --samples s --data digits --metrics fd,kidd", "kidd", "did you mean kid?"),
        wrong("evaluate --samples s --data digits --features digit", "digit", "digits"),
        wrong("evaluate --samples s --data digits --n 1", "--n", "at least 2"),
        wrong("evaluate --samples s --data digits --batch 0", "--batch", "at least 1"),
        wrong("evaluate --model nowhere --data digits", "nowhere"),
        wrong("evaluate --model m --sampler ddimm --data digits", "did you mean ddim?"),
        wrong("evaluate --write-statistics s.npz", "--write-statistics", "--data"),
        wrong("evaluate --data digits --write-statistics s.csv", "s.csv", ".npz"),
        wrong("compare --data digits", "DIR"),
        wrong("compare m", "--data"),
        wrong("compare m --data digits --out r.pdf", "--out", ".html"),
        wrong("compare nowhere --data digits", "nowhere"),
        wrong("quickstart --minutes 0", "--minutes", "0", "above 0"),
        wrong("quickstart --minuts 1", "--minuts", "--minutes"),
        wrong("quickstart --minutes soon", "soon"),
        wrong("explain schedule --steps 0", "--steps", "at least 1"),
        wrong("explain schedule --kinds cosin", "cosin", "cosine"),
        wrong("explain forward --n 0", "--n", "at least 1"),
        wrong("explain forward --preset nothing", "nothing", "mnist"),
        wrong("explain forward --out o.jpg", "--out", "o.jpg", ".png"),
        wrong("explain posterior --data moons", "--data", "moons", "two-gaussians"),
        wrong("explain posterior --t 1", "--t", "2…1000"),
        wrong("explain posterior --t 50 --steps 40", "50", "2…40"),
        wrong("explain posterior --xt NaN", "--xt", "NaN"),
        wrong("explain posterior --schedule lnear", "lnear", "linear"),
        wrong("explain flow --data sun", "sun", "three-gaussians", "checkerboard"),
        wrong("explain flow --data moons --t 0", "--t", "1…1000"),
        wrong("explain flow --paths 0", "--paths", "at least 1"),
        wrong("explain flow --points 0", "--points", "at least 1"),
        wrong("explain flow --blur 0", "--blur", "above 0"),
        wrong("explain flow --steps 1", "--steps", "at least 2"),
        wrong("explain flow --model nowhere", "nowhere"),
        wrong("explain reverse", "--model"),
        wrong("explain reverse --model nowhere --n 0", "--n", "at least 1"),
        wrong("explain reverse --model nowhere", "nowhere"),
        wrong("inspect", "PATH"),
        wrong("inspect nowhere", "nowhere"),
        wrong("inspect nowhere --tensor", "--tensor"),
        wrong("doctor --verbos", "--verbos", "--verbose"),
        wrong("judge --data-dir nowhere", "nowhere"),
        wrong("bench train-smal28", "train-smal28", "did you mean train-small28?", "sample-digits"),
        wrong("bench start --rounds 0", "--rounds", "0", "at least 1"),
        wrong("bench start --seconds 0", "--seconds", "above 0"),
        wrong("bench start --threads 0", "--threads", "at least 1"),
        wrong("bench start --json .", "--json", "a directory"),
        wrong("bench cost --plot o.gif", "--plot", "o.gif", ".png"),
        wrong("trian", "trian"));
  }

  private static Arguments wrong(String line, String... named) {
    return Arguments.of(line, List.of(named));
  }

  @ParameterizedTest
  @MethodSource("wrongInputs")
  void wrongInput_getsOneLineAndExitCodeTwo(String line, List<String> named) {
    Cli result = Cli.run(line.split(" "));

    assertThat(result.err()).startsWith("error: ").hasLineCount(1).contains(named);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(Path.of("o")).doesNotExist();
  }

  @Test
  void train_intoAFolderInUse_isRefusedAndLeavesItAlone() throws IOException {
    Files.writeString(folder.resolve("precious.txt"), "mine");

    Cli result = Cli.run("train", "--preset", "digits-quickstart", "--out", folder.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("is not empty").contains("--resume");
    try (Stream<Path> children = Files.list(folder)) {
      assertThat(new ArrayList<>(children.toList())).hasSize(1);
    }
  }

  @Test
  void noVerb_printsTheHelp() {
    Cli result = Cli.run();

    assertThat(result.out()).contains("quickstart", "train", "sample", "explain", "doctor");
    assertThat(result.exitCode()).isZero();
  }
}
