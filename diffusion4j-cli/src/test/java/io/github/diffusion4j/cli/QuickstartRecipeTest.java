package io.github.diffusion4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.ExperimentConfig;
import io.github.diffusion4j.config.Presets;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuickstartRecipeTest {
  private static QuickstartPlan plan(double seconds, long images) {
    return new QuickstartPlan(seconds, 50, 512, false, 1, images);
  }

  private static ExperimentConfig adapted(long images, String... given) {
    return new QuickstartRecipe(List.of(given)).adapted(plan(60, images));
  }

  private static int warmUp(ExperimentConfig config) {
    return config.training().learningRate().warmupSteps();
  }

  @Test
  void fiveMinutesOfTheReferenceMachine_areThePreset() {
    assertThat(adapted(126_000).training().learningRate())
        .isEqualTo(Presets.load("digits-quickstart").training().learningRate());
  }

  @Test
  void fewImages_haveAShortWarmUp() {
    assertThat(warmUp(adapted(20_000))).isLessThan(warmUp(adapted(126_000)));
    assertThat(warmUp(adapted(10))).isPositive();
  }

  @Test
  void whatWasGiven_stays_andTheRestIsNotAdapted() {
    ExperimentConfig config = adapted(20_000, "--training.optimizer.kind=adam");

    assertThat(config.training().learningRate())
        .isEqualTo(Presets.load("digits-quickstart").training().learningRate());
    assertThat(warmUp(adapted(20_000, "--training.learningRate.warmupSteps=7"))).isEqualTo(7);
  }

  @Test
  void seedBudgetAndReporting_areNoChangeOfTheRecipe() {
    ExperimentConfig config =
        adapted(20_000, "--seed=3", "--reporting.sampleCount=4", "--training.budget.maxSteps=9999");

    assertThat(warmUp(config)).isEqualTo(warmUp(adapted(20_000)));
  }

  @Test
  void fewerSteps_countWhereTheyAreGiven() {
    assertThat(warmUp(adapted(126_000, "--training.budget.maxSteps=312")))
        .isEqualTo(warmUp(adapted(312 * 64)));
  }

  @Test
  void theTime_isThatOfThePlan() {
    QuickstartRecipe recipe = new QuickstartRecipe(List.of());

    assertThat(recipe.adapted(plan(90, 1000)).training().budget().maxMinutes()).hasValue(1.5);
  }
}
