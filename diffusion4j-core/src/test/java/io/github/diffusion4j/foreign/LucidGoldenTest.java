package io.github.diffusion4j.foreign;

import static io.github.diffusion4j.foreign.LucidGolden.distance;
import static io.github.diffusion4j.foreign.LucidGolden.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.config.LucidUNetConfig;
import io.github.diffusion4j.config.ProcessConfig;
import io.github.diffusion4j.diffusion.NoiseSchedule;
import io.github.diffusion4j.diffusion.SubSequence;
import io.github.diffusion4j.nn.Dropout;
import io.github.diffusion4j.nn.Network;
import io.github.diffusion4j.sampling.BoundedDenoiser;
import io.github.diffusion4j.sampling.DdimSampler;
import io.github.diffusion4j.sampling.DdpmSampler;
import io.github.diffusion4j.sampling.Denoiser;
import io.github.diffusion4j.sampling.NetworkDenoiser;
import io.github.diffusion4j.sampling.NoiseSource;
import io.github.diffusion4j.sampling.Sampler;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.sampling.SelfConditionedDenoiser;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.training.FromConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares outputs, gradients and samples with those of lucidrains' own code. */
@Tag("numerics")
class LucidGoldenTest {

  static Stream<LucidGolden> all() {
    return Stream.concat(
        trained(), Stream.of(LucidGolden.SELF, LucidGolden.VARIANCE, LucidGolden.PRENORM));
  }

  static Stream<LucidGolden> trained() {
    return Stream.of(
        LucidGolden.PLAIN, LucidGolden.OPTIONS, LucidGolden.GROUPED, LucidGolden.STANDARDIZED);
  }

  static Stream<LucidGolden> sampled() {
    return Stream.of(
        LucidGolden.SELF, LucidGolden.VARIANCE, LucidGolden.GROUPED, LucidGolden.STANDARDIZED);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void forward_withTheirWeights_givesTheirOutput(LucidGolden golden) throws IOException {
    try (Scope scope = Scope.open();
        NoGrad noGrad = NoGrad.open();
        Network network = golden.model().load()) {
      Map<String, Tensor> computed = golden.computed();

      Tensor output = forward(network, computed);

      assertThat(distance(output, named(computed, "output"))).isLessThan(1e-5);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trained")
  void backward_withTheirWeights_givesTheirGradients(LucidGolden golden) throws IOException {
    try (Scope scope = Scope.open();
        Network network = golden.model().load()) {
      Map<String, Tensor> computed = golden.computed();

      forward(network, computed).times(named(computed, "target")).mean().backward();

      network
          .parameters()
          .forEach(
              (name, parameter) -> {
                Tensor expected = named(computed, "gradient." + formerName(golden, name));
                assertThat(distance(parameter.gradient(), expected)).as(name).isLessThan(1e-4);
              });
    }
  }

  @Test
  void ddim_with20Steps_endsAtTheirSamples() throws IOException {
    try (Scope scope = Scope.open();
        Network network = LucidGolden.PLAIN.model().load()) {
      Map<String, Tensor> computed = LucidGolden.PLAIN.computed();
      ProcessConfig process = LucidGolden.PLAIN.model().process();
      NoiseSchedule schedule = FromConfig.schedule(process.schedule());
      int[] times = IntStream.rangeClosed(1, 20).map(s -> (int) (-1 + s * 50 / 20.0) + 1).toArray();

      Tensor samples =
          sample(network, process, new DdimSampler(schedule, SubSequence.of(times), 0), computed);

      assertThat(distance(samples, named(computed, "samples"))).isLessThan(1e-4);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sampled")
  void ddpm_withAllSteps_endsAtTheirSamples(LucidGolden golden) throws IOException {
    try (Scope scope = Scope.open();
        Network network = golden.model().load()) {
      Map<String, Tensor> computed = golden.computed();
      ProcessConfig process = golden.model().process();
      NoiseSchedule schedule = FromConfig.schedule(process.schedule());

      Tensor samples =
          sample(
              network,
              process,
              new DdpmSampler(schedule, FromConfig.variance(process.variance())),
              computed);

      assertThat(distance(samples, named(computed, "samples"))).isLessThan(1e-4);
    }
  }

  private static Tensor forward(Network network, Map<String, Tensor> computed) {
    return network.forward(
        named(computed, "x"), named(computed, "time"), Optional.empty(), Dropout.NONE);
  }

  private static Tensor sample(
      Network network, ProcessConfig process, Sampler sampler, Map<String, Tensor> computed) {
    Tensor noise = named(computed, "noise");
    try (SelfConditionedDenoiser denoiser =
        new SelfConditionedDenoiser(last -> clipped(network, process, last))) {
      return sampler.sample(
          denoiser, stored(noise), SamplingListener.NONE, noise.select(0, 0).shape());
    }
  }

  private static Denoiser clipped(Network network, ProcessConfig process, Optional<Tensor> last) {
    boolean shown = network.config().sampleShape().get(0) * 2 == inputs(network);
    return BoundedDenoiser.clipping(
        new NetworkDenoiser(
            (xt, time) ->
                network.forward(
                    shown && last.isPresent() ? Tensor.cat(List.of(last.get(), xt), 1) : xt,
                    time,
                    Optional.empty(),
                    Dropout.NONE),
            FromConfig.prediction(process)),
        1);
  }

  private static int inputs(Network network) {
    return ((LucidUNetConfig) network.config()).inputs();
  }

  /** Noise in the order in which their loop draws it: the start, then step by step downwards. */
  private static NoiseSource stored(Tensor noise) {
    int draws = (int) noise.size(0);
    return new NoiseSource() {
      @Override
      public Tensor xT(long... shape) {
        return noise.select(0, 0);
      }

      @Override
      public Tensor z(int draw, long... shape) {
        return noise.select(0, draws + 1 - draw);
      }
    };
  }

  /** Before release 1.8 attention was wrapped in two other layers. */
  private static String formerName(LucidGolden golden, String name) {
    if (!golden.equals(LucidGolden.STANDARDIZED)) {
      return name;
    }
    return name.replaceFirst("^((?:downs|ups)\\.\\d+\\.2|mid_attn)\\.norm\\.", "$1.fn.norm.")
        .replaceFirst("^((?:downs|ups)\\.\\d+\\.2|mid_attn)\\.to_", "$1.fn.fn.to_");
  }
}
