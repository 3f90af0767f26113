package io.github.diffusion4j.torch;

import io.github.diffusion4j.torch.KnownAnswer.Deviation;
import io.github.diffusion4j.torch.VerdictFile.Verdict;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that libtorch computes right on this machine, before anything depends on it.
 *
 * <p>Known answers are computed once per machine; the verdict is kept in the user's cache
 * (docs/decisions/0027). Where oneDNN is wrong, the process goes on without it and a line is logged
 * under {@value #LOGGER}. Where that is wrong too, nothing begins.
 */
public final class EngineCheck {
  /** The name of the {@link System.Logger} that gets a warning where a setting was changed. */
  public static final String LOGGER = "io.github.diffusion4j";

  private static @Nullable Verdict ofThisProcess;

  static {
    Engine.load();
  }

  private final Supplier<List<Deviation>> wrong;
  private final VerdictFile file;

  EngineCheck(Supplier<List<Deviation>> wrong, VerdictFile file) {
    this.wrong = wrong;
    this.file = file;
  }

  /**
   * Returns when results can be trusted, with the setting that makes them so; later calls return at
   * once.
   *
   * @throws UnreliableEngineException if no setting computes right
   */
  public static synchronized void require() {
    if (ofThisProcess == null) {
      EngineCheck check =
          new EngineCheck(
              () -> KnownAnswers.wrong(KnownAnswers.few()), new VerdictFile(folder(), machine()));
      Verdict verdict = check.verdict();
      if (!verdict.finding().isEmpty()) {
        Logger logger = System.getLogger(LOGGER);
        logger.log(Level.WARNING, verdict.finding());
      }
      ofThisProcess = verdict;
    }
  }

  /** Returns the setting in force, after {@link #require} that which computes right. */
  public static EngineSetting setting() {
    return torch.globalContext().userEnabledMkldnn()
        ? EngineSetting.ORDINARY
        : EngineSetting.WITHOUT_ONEDNN;
  }

  /** Applies the setting that an earlier process found right here, or finds one. */
  Verdict verdict() {
    Optional<Verdict> known = file.read();
    if (known.isPresent()) {
      known.get().setting().apply();
      return known.get();
    }
    Verdict found = find();
    file.write(found);
    return found;
  }

  private Verdict find() {
    List<Deviation> ordinary = wrong.get();
    if (ordinary.isEmpty()) {
      return new Verdict(EngineSetting.ORDINARY, "");
    }
    EngineSetting.WITHOUT_ONEDNN.apply();
    List<Deviation> without = wrong.get();
    if (!without.isEmpty()) {
      EngineSetting.ORDINARY.apply();
      throw new UnreliableEngineException(
          String.format(
              Locale.ROOT,
              "libtorch %s computes wrong on this machine, with oneDNN and without it: %s; allowed:"
                  + " another version of it, another machine, or other values of OPENBLAS_CORETYPE"
                  + " and ATEN_CPU_CAPABILITY, until doctor finds all right",
              Engine.version(),
              inWords(without.get(0))));
    }
    return new Verdict(
        EngineSetting.WITHOUT_ONEDNN,
        String.format(
            Locale.ROOT,
            "oneDNN computes wrong on this machine (%s); going on without it: convolutions take"
                + " %.1f times as long",
            inWords(ordinary.get(0)),
            EngineSetting.WITHOUT_ONEDNN.slowdown()));
  }

  private static String inWords(Deviation deviation) {
    return Double.isInfinite(deviation.value())
        ? deviation.where() + ": not a number"
        : String.format(
            Locale.ROOT,
            "%s: off by %.2g of the largest value, rounding explains %.1g",
            deviation.where(),
            deviation.value(),
            deviation.limit());
  }

  /** A name that this JVM cannot spell, such as one with ö under LANG=C, is no reason to stop. */
  private static Path folder() {
    try {
      return Engine.userCache(System.getenv());
    } catch (InvalidPathException e) {
      return Path.of(System.getProperty("java.io.tmpdir"), "diffusion4j");
    }
  }

  private static String machine() {
    return MachineDescription.of(
        Path.of("/"),
        System.getenv(),
        Map.of(
            "libtorch", Engine.version(),
            "oneDNN", torch.get_mkldnn_version().getString(),
            "instructions", torch.get_cpu_capability().getString(),
            "threads", Integer.toString(Engine.threads())));
  }
}
