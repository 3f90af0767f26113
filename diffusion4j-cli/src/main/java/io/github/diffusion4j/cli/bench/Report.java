package io.github.diffusion4j.cli.bench;

import io.github.diffusion4j.cli.Version;
import io.github.diffusion4j.torch.Engine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that was measured, for programs.
 *
 * @param machine where
 * @param threads with how many threads
 * @param outcomes of the workloads
 * @param cost how the cost grows with the work, as lists of points; empty if it was not measured
 */
record Report(Machine machine, int threads, List<Outcome> outcomes, List<CostCurve> cost) {
  Map<String, Object> tree() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("date", machine.date().toString());
    all.put("processor", machine.processor());
    all.put("cores", machine.cores());
    all.put("system", machine.system());
    all.put("load", machine.load());
    machine.busy().ifPresent(busy -> all.put("busy", busy));
    all.put("threads", threads);
    all.put("diffusion4j", Version.own());
    all.put("libtorch", Engine.version());
    all.put("java", Runtime.version().toString());
    all.put("workloads", outcomes.stream().map(Report::tree).toList());
    all.put("cost", cost.stream().map(CostCurve::tree).toList());
    return all;
  }

  private static Map<String, Object> tree(Outcome outcome) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", outcome.workload().name());
    tree.put("about", outcome.workload().about());
    outcome.workload().images().ifPresent(images -> tree.put("images", images));
    tree.put("ours", tree(outcome.ours()));
    outcome.theirs().ifPresent(side -> tree.put("peer", tree(side)));
    Optional<Ratio> ratio = outcome.ratio();
    ratio.ifPresent(
        r -> tree.put("ratio", Map.of("median", r.median(), "least", r.least(), "most", r.most())));
    return tree;
  }

  private static Map<String, Object> tree(Side side) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("mode", side.mode());
    tree.put("version", side.version());
    tree.put("median_seconds", side.seconds());
    tree.put("rounds", side.rounds().stream().map(Laps::seconds).toList());
    side.peakKib().ifPresent(kib -> tree.put("peak_kib", kib));
    tree.put("tried", side.tried());
    tree.put("failed", side.failed());
    return tree;
  }
}
