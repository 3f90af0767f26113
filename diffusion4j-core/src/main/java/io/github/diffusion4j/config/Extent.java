package io.github.diffusion4j.config;

/** What a network says of the size of its images, where they are not squares of a known size. */
public sealed interface Extent {
  /**
   * Images whose width is not their height, or is said beside it.
   *
   * @param width in pixels
   */
  record Rectangle(int width) implements Extent {
    /** Refuses images without pixels. */
    public Rectangle {
      Require.positive("model.extent.width", width);
    }
  }

  /** Nothing: the network sees images of many sizes, and which it was trained on is not known. */
  record Unknown() implements Extent {}
}
