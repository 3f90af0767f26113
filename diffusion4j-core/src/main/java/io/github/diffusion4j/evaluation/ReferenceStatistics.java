package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is kept of real images, so that Fréchet distances to them need the images no more. Files of
 * pytorch-fid and others hold {@code mu} and {@code sigma}; those of guided-diffusion also {@code
 * mu_s} and {@code sigma_s}, of features that still know where in the image they are.
 *
 * @param pooled statistics of the usual features
 * @param spatial statistics of the features with places, if they are known
 */
public record ReferenceStatistics(GaussianStatistics pooled, Optional<GaussianStatistics> spatial) {
  private static final List<String> POOLED = List.of("mu", "sigma");
  private static final List<String> SPATIAL = List.of("mu_s", "sigma_s");

  /** Keeps the statistics of the usual features alone. */
  public ReferenceStatistics(GaussianStatistics pooled) {
    this(pooled, Optional.empty());
  }

  /**
   * Returns those of {@code names} that {@link #of} wants; files of guided-diffusion hold the
   * images too.
   *
   * @throws IllegalArgumentException if one is missing
   */
  public static List<String> wanted(Collection<String> names) {
    boolean anySpatial = SPATIAL.stream().anyMatch(names::contains);
    List<String> wanted =
        anySpatial ? Stream.concat(POOLED.stream(), SPATIAL.stream()).toList() : POOLED;
    for (String name : wanted) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "these are no statistics: there is %s, but no %s; allowed: mu and sigma, with or without mu_s and sigma_s",
                new TreeSet<>(names),
                name));
      }
    }
    return wanted;
  }

  /**
   * Takes the arrays of a statistics file; others are passed over.
   *
   * @param arrays mu [d] and sigma [d, d], with or without mu_s [e] and sigma_s [e, e]
   * @throws IllegalArgumentException if one is missing, wrongly shaped or no mean or covariance
   */
  public static ReferenceStatistics of(Map<String, Tensor> arrays) {
    boolean hasSpatial = wanted(arrays.keySet()).size() > POOLED.size();
    return new ReferenceStatistics(
        statistics(arrays, POOLED),
        hasSpatial ? Optional.of(statistics(arrays, SPATIAL)) : Optional.empty());
  }

  /** Returns the arrays of a statistics file, F64, new in the scope that is open on this thread. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(POOLED.get(0), pooled.mean());
    tensors.put(POOLED.get(1), pooled.covariance());
    spatial.ifPresent(
        known -> {
          tensors.put(SPATIAL.get(0), known.mean());
          tensors.put(SPATIAL.get(1), known.covariance());
        });
    return tensors;
  }

  private static GaussianStatistics statistics(Map<String, Tensor> arrays, List<String> names) {
    Tensor mean = arrays.get(names.get(0));
    Tensor covariance = arrays.get(names.get(1));
    if (mean == null || covariance == null) {
      throw new IllegalArgumentException("there is no " + names);
    }
    long[] shape = covariance.shape();
    if (mean.shape().length != 1
        || shape.length != 2
        || shape[0] != mean.size(0)
        || shape[1] != mean.size(0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s is %s and %s is %s; allowed: [d] and [d, d]",
              names.get(0),
              mean,
              names.get(1),
              covariance));
    }
    return GaussianStatistics.of(mean.toDoubles(), covariance.toDoubles());
  }
}
