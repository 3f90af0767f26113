package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.Tensor;

/**
 * What is done to images before Inception v3 sees them, by the names of the literature. Distances
 * of one protocol cannot be compared with those of another.
 */
public enum InceptionProtocol {
  /** Of pytorch-fid: bilinear, centered; x / 127.5 − 1. */
  PYTORCH("pytorch", Resize.BILINEAR) {
    @Override
    Tensor normalize(Tensor images) {
      return images.dividedBy(255).times(2).minus(1);
    }
  },
  /** Of the authors of FID: the resize of TensorFlow 1; (x − 128) / 128. */
  TF("tf", Resize.TF1_BILINEAR) {
    @Override
    Tensor normalize(Tensor images) {
      return images.minus(128).dividedBy(128);
    }
  },
  /** Of clean-fid: bicubic with antialiasing; (x − 128) / 128. */
  CLEAN("clean", Resize.PIL_BICUBIC) {
    @Override
    Tensor normalize(Tensor images) {
      return images.minus(128).dividedBy(128);
    }
  };

  private final String word;
  private final Resize resize;

  InceptionProtocol(String word, Resize resize) {
    this.word = word;
    this.resize = resize;
  }

  /** Returns the name: {@code pytorch}, {@code tf} or {@code clean}. */
  public String word() {
    return word;
  }

  /**
   * Returns what Inception v3 under this protocol is called, {@code inception-pytorch} and so on.
   */
  String netName() {
    return "inception-" + word;
  }

  /** Returns how images are brought to 299 x 299 pixels. */
  public Resize resize() {
    return resize;
  }

  /** Returns images in 0…255 in the range that the network knows, about [−1, 1]. */
  abstract Tensor normalize(Tensor images);
}
