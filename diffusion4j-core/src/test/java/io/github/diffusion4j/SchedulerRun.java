package io.github.diffusion4j;

import io.github.diffusion4j.checkpoint.Safetensors;
import io.github.diffusion4j.sampling.Churn;
import io.github.diffusion4j.sampling.NetworkDenoiser;
import io.github.diffusion4j.sampling.NoiseSource;
import io.github.diffusion4j.sampling.Sampler;
import io.github.diffusion4j.sampling.SamplingListener;
import io.github.diffusion4j.torch.DType;
import io.github.diffusion4j.torch.Functions;
import io.github.diffusion4j.torch.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run of diffusers in a folder that golden/middle/make.py made, and ours to compare with it. */
record SchedulerRun(Path folder, int number, JsonNode options) {
  private static final long[] SHAPE = {2, 1, 2, 4};

  static Path resource(String name) throws Exception {
    return Path.of(
        Objects.requireNonNull(SchedulerRun.class.getResource("/golden/" + name), name).toURI());
  }

  static List<SchedulerRun> read(Path folder) throws Exception {
    List<SchedulerRun> runs = new ArrayList<>();
    for (JsonNode run : new JsonMapper().readTree(Files.readString(folder.resolve("runs.json")))) {
      runs.add(new SchedulerRun(folder, runs.size(), run));
    }
    return runs;
  }

  /** max |a − b| over max(1, max |golden|), the largest of all stored samples. */
  double deviation() throws Exception {
    String name = String.format(Locale.ROOT, "%03d", number);
    Tensor golden = Safetensors.read(folder.resolve("trajectories.safetensors"), name);
    List<Tensor> samples = trajectory();
    int length = options.path("length").intValue();
    if (samples.size() != length) {
      throw new AssertionError("%d samples instead of %d".formatted(samples.size(), length));
    }
    double largest = 0;
    int next = 0;
    for (int i : stored(length)) {
      Tensor expected = golden.select(0, next++);
      double off = largest(samples.get(i).minus(expected)) / Math.max(1, largest(expected));
      largest = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(largest, off);
    }
    return largest;
  }

  private static TreeSet<Integer> stored(int length) {
    TreeSet<Integer> stored = new TreeSet<>(List.of(length - 1));
    int distance = Math.max(1, length / 20);
    for (int i = distance - 1; i < length; i += distance) {
      stored.add(i);
    }
    return stored;
  }

  /** Every sample after the start, in the units of diffusers. */
  private List<Tensor> trajectory() throws Exception {
    DiffusersScheduler scheduler = DiffusersScheduler.parse(options.path("config").toString());
    int steps = options.path("steps").intValue();
    Sampler sampler = scheduler.sampler(steps, arguments());
    boolean scaled = className().matches("(Euler|Heun|LMS).*");
    List<Tensor> seen = new ArrayList<>();
    SamplingListener listener =
        step -> {
          double unit = scaled ? step.level().signal() : 1;
          seen.add(step.xt().dividedBy(unit).copy().outlivingScopes());
        };
    Optional<Double> strength =
        options.has("strength")
            ? Optional.of(options.path("strength").doubleValue())
            : Optional.empty();
    int begin = strength.isPresent() ? scheduler.begin(steps, strength.get()) : steps;
    Sines noise = new Sines(begin);
    Tensor last =
        strength.isEmpty()
            ? sampler.sample(scheduler.denoiser(network(), arguments()), noise, listener, SHAPE)
            : sampler.sampleFrom(
                begin,
                sampler.grid().noised(begin, images(), noise),
                scheduler.denoiser(network(), arguments()),
                noise,
                listener);
    seen.remove(0).close();
    seen.add(last);
    return seen;
  }

  String className() {
    return options.path("config").path("_class_name").stringValue();
  }

  private StepArguments arguments() {
    Churn churn =
        options.has("s_churn")
            ? new Churn(
                options.path("s_churn").doubleValue(),
                options.path("s_tmin").doubleValue(0),
                options.path("s_tmax").doubleValue(Double.POSITIVE_INFINITY),
                options.path("s_noise").doubleValue(1))
            : Churn.NONE;
    return new StepArguments(
        options.path("eta").doubleValue(0),
        churn,
        options.path("use_clipped_model_output").booleanValue(false)
            ? StepArguments.Direction.DERIVED
            : StepArguments.Direction.PREDICTED);
  }

  private NetworkDenoiser.Network network() {
    double unit = className().startsWith("EDM") ? 1 : 1000;
    boolean ratio = options.path("network").stringValue("").equals("ratio");
    return (xt, time) -> {
      double t = time.toFloats()[0];
      return ratio ? xt.times(t).dividedBy(t + 1) : Functions.sin(xt.plus(t / unit)).dividedBy(2);
    };
  }

  private static Tensor images() {
    double[] x0 = new double[16];
    for (int i = 0; i < x0.length; i++) {
      x0[i] = Math.cos(0.9 * i);
    }
    return Tensor.of(x0, SHAPE).to(DType.F32);
  }

  /** The noise of make.py, in a run of so many steps. */
  record Sines(int steps) implements NoiseSource {
    @Override
    public Tensor xT(long... shape) {
      return Tensor.arange(16).to(DType.F32).dividedBy(8).minus(1).reshape(shape);
    }

    @Override
    public Tensor z(int draw, long... shape) {
      double[] z = new double[16];
      for (int i = 0; i < z.length; i++) {
        z[i] = Math.sin(1 + 0.37 * i + 1.7 * (steps - draw + 1));
      }
      return Tensor.of(z, shape).to(DType.F32);
    }
  }

  private static double largest(Tensor x) {
    double largest = 0;
    for (double value : x.toDoubles()) {
      largest = Double.isNaN(value) ? value : Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  @Override
  public String toString() {
    return number + " " + options;
  }
}
