package io.github.diffusion4j.foreign;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where in a file of lucidrains' the network is.
 *
 * @param prefix what the names of its parameters begin with
 * @param network names of its parameters in the present release, to their names in the file
 */
record LucidNames(String prefix, Map<String, String> network) {
  private static final String ENTRY = "init_conv.weight";
  private static final String TIME = "time_mlp.1.weight";
  private static final String AVERAGE = "ema_model.";
  private static final String WRAPPER = "model.";

  /** Finds the network; the averaged one goes first. */
  static Optional<LucidNames> find(Set<String> names) {
    return names.stream()
        .filter(name -> name.endsWith(ENTRY))
        .map(name -> name.substring(0, name.length() - ENTRY.length()))
        .filter(prefix -> names.contains(prefix + TIME))
        .min(
            Comparator.comparing((String prefix) -> !prefix.contains(AVERAGE))
                .thenComparingInt(String::length))
        .map(prefix -> new LucidNames(prefix, network(names, prefix)));
  }

  private static Map<String, String> network(Set<String> names, String prefix) {
    Map<String, String> network = new LinkedHashMap<>();
    for (String name : names) {
      if (name.startsWith(prefix)) {
        network.put(presentName(name.substring(prefix.length())), name);
      }
    }
    return network;
  }

  /** Returns the name since release 1.8; attention was wrapped in two other layers before. */
  private static String presentName(String name) {
    return name.replaceFirst("^((?:downs|ups)\\.\\d+\\.2|mid_attn)\\.fn\\.norm\\.", "$1.norm.")
        .replaceFirst("^((?:downs|ups)\\.\\d+\\.2|mid_attn)\\.fn\\.fn\\.", "$1.");
  }

  /** Returns the name that a buffer of the process around the network has in the file. */
  Optional<String> buffer(String name) {
    return prefix.endsWith(WRAPPER)
        ? Optional.of(prefix.substring(0, prefix.length() - WRAPPER.length()) + name)
        : Optional.empty();
  }

  /** Returns which of the networks in the file is taken, in words. */
  String origin() {
    return prefix.contains(AVERAGE)
        ? String.format(Locale.ROOT, "the averaged weights are taken (%s)", prefix + "*")
        : String.format(
            Locale.ROOT,
            "the weights are taken as trained; there is no average (%s)",
            prefix + "*");
  }
}
