package io.github.diffusion4j.cli;

import io.github.diffusion4j.DiffusionModel;
import io.github.diffusion4j.Run;
import io.github.diffusion4j.SampleRequest;
import io.github.diffusion4j.TrainingRun;
import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.SamplingConfig;
import io.github.diffusion4j.data.ImageDataset;
import io.github.diffusion4j.evaluation.DigitJudge;
import io.github.diffusion4j.evaluation.DigitScore;
import io.github.diffusion4j.image.ImageGrid;
import io.github.diffusion4j.image.Png;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Seed;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import io.github.diffusion4j.training.RunDirectory;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a quickstart leaves when its training is over: samples, their scores, pictures, report. */
record QuickstartResults(
    TrainingRun run, ExperimentConfig config, ImageDataset digits, Path folder) {
  private static final int SHOWN = 4;
  private static final int BATCH = 128;
  private static final long SAMPLE_SEED = 1;

  /** To end this much too late is better than to judge fewer samples. */
  private static final double OVERTIME_SHARE = 0.04;

  /** Returns all that was measured. */
  Measurements write(QuickstartPlan plan, Deadline deadline, List<QuickstartReport.Grid> grids)
      throws IOException {
    Measurements measurements = new Measurements();
    measurements.training(run.trainer(), config);
    SamplingConfig usual = config.sampling();
    SamplingConfig sampling =
        new SamplingConfig(usual.sampler(), plan.steps(), usual.eta(), usual.spacing());
    QuickstartVerdict verdict;
    int judged;
    try (Scope scope = Scope.open();
        DigitJudge judge = DigitJudge.embedded()) {
      long start = System.nanoTime();
      Tensor shown = drawGrid(sampling);
      double drawing = (System.nanoTime() - start) * 1e-9;
      measurements.sampling(QuickstartPlan.GRID, drawing);
      judged = judged(plan, deadline, drawing / QuickstartPlan.GRID);
      System.out.printf(Locale.ROOT, "judging %d samples …%n", judged);
      DigitScore score = judge.score(samples(sampling, shown, judged));
      DigitScore real =
          judge.score(ForwardStages.firstImages(digits, Math.min(judged, digits.size())));
      measurements.judged(score, real);
      verdict = verdict(score, real);
      run.publish(Measurements.judgement(score, sampling));
      drawPictures();
    }
    measurements.time(deadline, plan.reductions(judged, config.sampling().steps()));
    QuickstartReport.write(folder, verdict, measurements, grids);
    measurements.print(System.out);
    verdict.advice().ifPresent(advice -> System.out.printf(Locale.ROOT, "%n%s%n", advice));
    System.out.printf(Locale.ROOT, "%npictures and numbers: %s%n", folder.resolve("report.html"));
    System.out.printf(
        Locale.ROOT,
        "next: ./diffusion4j sample --model %s --sampler ddpm --n 100 --out more-digits.png%n",
        folder);
    return measurements;
  }

  /** What was wanted, or what the time that is really left allows. */
  private static int judged(QuickstartPlan plan, Deadline deadline, double drawingSeconds) {
    if (plan.isWanted()) {
      return plan.judged();
    }
    double seconds = deadline.left() + OVERTIME_SHARE * deadline.seconds();
    return QuickstartPlan.judgedWithin(
        seconds + QuickstartPlan.GRID * drawingSeconds, drawingSeconds);
  }

  private QuickstartVerdict verdict(DigitScore score, DigitScore real) {
    long images = run.trainer().step() * config.training().batch();
    return QuickstartVerdict.of(
        score,
        score.frechetDistance() - real.frechetDistance(),
        images,
        images / run.trainer().elapsedSeconds());
  }

  /** The grid that is shown, and the way to it; returns its images, which are the first ones. */
  private Tensor drawGrid(SamplingConfig sampling) throws IOException {
    try (ReverseStages reverse = new ReverseStages(SHOWN)) {
      Tensor images = draw(sampling, 0, QuickstartPlan.GRID, reverse);
      Png.write(
          ImageGrid.ofColumns(8).withScale(3).draw(Run.planar(images)),
          folder.resolve("samples.png"));
      Png.write(ReversePicture.draw(reverse), folder.resolve("reverse.png"));
      return images;
    }
  }

  private void drawPictures() throws IOException {
    BufferedImage forward =
        ForwardPicture.draw(
            ForwardStages.of(
                FromConfig.process(config.process()),
                ForwardStages.firstImages(digits, 8),
                Seed.of(config.seed())));
    Png.write(forward, folder.resolve("forward.png"));
    Png.write(LossChart.of(new RunDirectory(folder).logged()), folder.resolve("loss.png"));
  }

  private Tensor samples(SamplingConfig sampling, Tensor shown, int count) {
    List<Tensor> parts = new ArrayList<>(List.of(shown));
    for (int first = QuickstartPlan.GRID; first < count; first += BATCH) {
      parts.add(draw(sampling, first, Math.min(BATCH, count - first), SamplingListener.NONE));
    }
    return Tensor.cat(parts, 0);
  }

  private Tensor draw(SamplingConfig sampling, int first, int count, SamplingListener listener) {
    DiffusionModel model = run.model();
    SampleRequest request = new SampleRequest(SAMPLE_SEED, first, count, Optional.empty());
    return model.sample(request, sampling, listener);
  }
}
