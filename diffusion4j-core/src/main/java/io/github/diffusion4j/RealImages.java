package io.github.diffusion4j;

import io.github.diffusion4j.evaluation.ReferenceStatistics;
import java.util.Locale;
import java.util.Optional;

/** What generated images are compared with. */
public sealed interface RealImages {
  /** Returns what they are, for the line that says how a metric was measured. */
  String description();

  /** Returns a text that changes when one of the images does, if they are here. */
  Optional<String> fingerprint();

  /**
   * Images.
   *
   * @param images to compare with
   * @param heldOut other images of the same kind, for the check on memorization
   */
  record Known(ImageSource images, Optional<ImageSource> heldOut) implements RealImages {
    @Override
    public String description() {
      return String.format(Locale.ROOT, "%,d images of %s", images.size(), images.description());
    }

    @Override
    public Optional<String> fingerprint() {
      return Optional.of(images.fingerprint());
    }
  }

  /**
   * Statistics of images that are not here.
   *
   * @param statistics of the network that is used, which the file does not say
   * @param description where they are from
   */
  record Summarized(ReferenceStatistics statistics, String description) implements RealImages {
    @Override
    public Optional<String> fingerprint() {
      return Optional.empty();
    }
  }
}
