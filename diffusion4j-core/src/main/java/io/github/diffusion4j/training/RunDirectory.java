package io.github.diffusion4j.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.diffusion4j.checkpoint.AtomicFolder;
import io.github.diffusion4j.config.ConfigFiles;
import io.github.diffusion4j.config.RunConfig;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.files.AtomicFile;
import io.github.diffusion4j.torch.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files that a training leaves beside its checkpoints.
 *
 * <pre>
 *  config.json                the resolved configuration, with versions and data fingerprint
 *  metrics.jsonl              one line per logged step, per measurement, and per divergence
 *  samples/step-00001000.png  grids of samples
 *  features/                  of the training images, where the model is measured on the way
 *  evaluation.json            how good it became, where that is measured
 *  checkpoints/               see {@link io.github.diffusion4j.checkpoint.Checkpoints} </pre>
 *
 * @param folder the directory itself
 */
public record RunDirectory(Path folder) {
  private static final String METRIC = "metric";
  private static final String DIVERGED = "diverged";
  private static final String ENGINES = "engines";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              all -> all.withValueInclusion(JsonInclude.Include.NON_EMPTY))
          .build();
  private static final JsonMapper INDENTED =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Makes the directory and writes the configuration; refuses a directory that is in use. */
  public void create(RunConfig config, String dataFingerprint) throws IOException {
    requireFree();
    ObjectNode root = (ObjectNode) INDENTED.readTree(ConfigFiles.toJson(config));
    ObjectNode provenance = root.putObject(ConfigFiles.PROVENANCE);
    provenance.put("dataFingerprint", dataFingerprint);
    provenance.put("libtorch", Engine.version());
    provenance.put("java", Runtime.version().toString());
    provenance.put("threads", Engine.threads());
    AtomicFile.write(configFile(), INDENTED.writeValueAsString(root) + "\n");
    Files.createDirectories(folder.resolve("samples"));
  }

  /**
   * Checks that the directory can become that of a new run.
   *
   * @throws UserException if there is a file of its name, or something in it
   */
  public void requireFree() throws IOException {
    if (!Files.exists(folder)) {
      if (Files.isSymbolicLink(folder)) {
        throw new UserException(
            String.format(
                Locale.ROOT,
                "%s is a link to %s, which does not exist; allowed: a new or empty directory",
                folder,
                Files.readSymbolicLink(folder)));
      }
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new UserException(folder + " is a file; allowed: a new or empty directory");
    }
    try (Stream<Path> children = Files.list(folder)) {
      if (children.findAny().isPresent()) {
        throw new UserException(
            folder + " is not empty; allowed: a new or empty directory, or --resume to go on");
      }
    }
  }

  /** Returns where the configuration is. */
  public Path configFile() {
    return folder.resolve("config.json");
  }

  /** Returns where the log is: one JSON object per line. */
  public Path metricsFile() {
    return folder.resolve("metrics.jsonl");
  }

  /** Writes down what was measured of the trained model, in place of what was there. */
  public void writeEvaluation(Record evaluation) throws IOException {
    AtomicFile.write(
        folder.resolve("evaluation.json"), INDENTED.writeValueAsString(evaluation) + "\n");
  }

  /** Returns the file for the picture of samples of a step. */
  public Path samples(long step) {
    return folder.resolve("samples").resolve(String.format(Locale.ROOT, "step-%08d.png", step));
  }

  /** Returns the run that a checkpoint belongs to; a checkpoint lies two folders below. */
  public static Optional<RunDirectory> ofCheckpoint(Path checkpoint) {
    return Optional.ofNullable(checkpoint.toAbsolutePath().normalize().getParent())
        .map(Path::getParent)
        .map(RunDirectory::new)
        .filter(run -> Files.isRegularFile(run.configFile()));
  }

  /** Returns the engine that was found to be the fastest for the network on a machine. */
  public Optional<String> engine(String machine) throws IOException {
    JsonNode engine = configuration().path(ConfigFiles.PROVENANCE).path(ENGINES).path(machine);
    return engine.isString() ? Optional.of(engine.stringValue()) : Optional.empty();
  }

  /** Writes down which engine is the fastest for the network on a machine. */
  public void writeEngine(String machine, String engine) throws IOException {
    ObjectNode root = configuration();
    root.withObject(ConfigFiles.PROVENANCE).withObject(ENGINES).put(machine, engine);
    AtomicFolder.writeFile(configFile(), INDENTED.writeValueAsString(root) + "\n");
  }

  private ObjectNode configuration() throws IOException {
    try {
      if (INDENTED.readTree(Files.readString(configFile())) instanceof ObjectNode root) {
        return root;
      }
      throw new IOException(configFile() + " does not hold a JSON object");
    } catch (JacksonException e) {
      throw new IOException(
          String.format(
              Locale.ROOT, "%s is not valid JSON: %s", configFile(), e.getOriginalMessage()),
          e);
    }
  }

  /** Appends a line to the log. */
  public void log(StepReport report) throws IOException {
    append(JSON.writeValueAsString(report));
  }

  /** Appends a measurement to the log. */
  public void log(LoggedEvaluation evaluation) throws IOException {
    append(JSON.writeValueAsString(evaluation));
  }

  /** Appends a divergence to the log. */
  public void log(LoggedDivergence divergence) throws IOException {
    append(JSON.writeValueAsString(divergence));
  }

  private void append(String line) throws IOException {
    AtomicFile.append(metricsFile(), line + "\n");
  }

  /** Returns the logged steps, first one first. */
  public List<StepReport> logged() throws IOException {
    List<StepReport> reports = new ArrayList<>();
    for (JsonNode line : lines()) {
      if (!line.has(METRIC) && !line.has(DIVERGED)) {
        reports.add(JSON.treeToValue(line, StepReport.class));
      }
    }
    return reports;
  }

  /** Returns the logged divergences, first one first. */
  public List<LoggedDivergence> divergences() throws IOException {
    List<LoggedDivergence> divergences = new ArrayList<>();
    for (JsonNode line : lines()) {
      if (line.has(DIVERGED)) {
        divergences.add(JSON.treeToValue(line, LoggedDivergence.class));
      }
    }
    return divergences;
  }

  /** Returns the logged measurements, first one first. */
  public List<LoggedEvaluation> evaluations() throws IOException {
    List<LoggedEvaluation> evaluations = new ArrayList<>();
    for (JsonNode line : lines()) {
      if (line.has(METRIC)) {
        evaluations.add(JSON.treeToValue(line, LoggedEvaluation.class));
      }
    }
    return evaluations;
  }

  /** The last line may be torn, where the process was killed while it wrote it. */
  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    if (!Files.exists(metricsFile())) {
      return lines;
    }
    List<String> texts = Files.readAllLines(metricsFile());
    for (int i = 0; i < texts.size(); i++) {
      try {
        lines.add(JSON.readTree(texts.get(i)));
      } catch (JacksonException e) {
        if (i + 1 < texts.size()) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "line %d of %s is not valid JSON: %s",
                  i + 1,
                  metricsFile(),
                  e.getOriginalMessage()),
              e);
        }
      }
    }
    return lines;
  }

  /**
   * Drops what was logged after {@code step}: a resumed training takes those steps again. That it
   * diverged there stays.
   */
  public void forgetAfter(long step) throws IOException {
    StringBuilder kept = new StringBuilder();
    for (JsonNode line : lines()) {
      if (line.path("step").longValue() <= step || line.has(DIVERGED)) {
        kept.append(JSON.writeValueAsString(line)).append('\n');
      }
    }
    AtomicFile.write(metricsFile(), kept);
  }
}
