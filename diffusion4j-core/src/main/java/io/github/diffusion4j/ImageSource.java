package io.github.diffusion4j;

import io.github.diffusion4j.data.ImageShape;
import java.io.IOException;

/** Numbered images of one shape that are measured: drawn from a model, or stored. */
public interface ImageSource {
  /** Returns how many there are. */
  int size();

  /** Returns their shape. */
  ImageShape shape();

  /** Returns how many are best asked for at once. */
  int atOnce();

  /** Returns what they are, for the line that says how a metric was measured. */
  String description();

  /**
   * Returns a text that changes when image i does; features are kept under it. It does not depend
   * on the size, so that more of the same images go on where fewer stopped, from the last whole
   * part of {@value FeatureCache#PART} on.
   */
  String fingerprint();

  /**
   * Returns some images.
   *
   * @return channel after channel, values 0…255 as unsigned bytes, image after image
   */
  byte[] pixels(int first, int count) throws IOException;
}
