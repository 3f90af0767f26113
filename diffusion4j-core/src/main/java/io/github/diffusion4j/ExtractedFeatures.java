package io.github.diffusion4j;

import io.github.diffusion4j.evaluation.Features;
import java.util.Optional;

/**
 * What a network says of the images of a source.
 *
 * @param features one vector per image
 * @param logits of its classes, if it has classes
 * @param spatial features that know where in the image they are, if it has them
 */
public record ExtractedFeatures(
    Features features, Optional<Features> logits, Optional<Features> spatial) {}
