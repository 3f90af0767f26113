package io.github.diffusion4j.torch;

import java.util.Locale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The functions that networks are made of; images are [N, C, H, W]. */
public final class Functions {
  /** Vectors that are shorter are divided by it instead of their length. */
  private static final double SHORTEST = 1e-12;

  private Functions() {}

  /**
   * Two-dimensional convolution.
   *
   * @param x [N, I, H, W]
   * @param weight [O, I, kernel, kernel]
   * @param bias [O]
   * @param stride distance between two applications of the kernel, in pixels
   * @param padding zeros added at each border, in pixels
   */
  public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, int stride, int padding) {
    return new Tensor(
        torch.conv2d(
            x.raw(),
            weight.raw(),
            new TensorOptional(bias.raw()),
            new long[] {stride, stride},
            new long[] {padding, padding},
            new long[] {1, 1},
            1));
  }

  /**
   * Two-dimensional convolution without a bias.
   *
   * @param x [N, I, H, W]
   * @param weight [O, I / groups, kernel, kernel]: each group of channels sees its own kernels
   */
  public static Tensor filter(Tensor x, Tensor weight, int stride, int padding) {
    return filter(x, weight, stride, padding, padding);
  }

  /**
   * The same with a kernel of any shape, and its own number of zeros in each direction.
   *
   * @param weight [O, I / groups, rows, columns]
   * @param stride distance between two applications of the kernel, in pixels
   * @param rows zeros added above and below, in pixels
   * @param columns zeros added left and right, in pixels
   */
  public static Tensor filter(Tensor x, Tensor weight, int stride, int rows, int columns) {
    return new Tensor(
        torch.conv2d(
            x.raw(),
            weight.raw(),
            new TensorOptional(),
            new long[] {stride, stride},
            new long[] {rows, columns},
            new long[] {1, 1},
            x.size(1) / weight.size(1)));
  }

  /**
   * The transpose of {@link #filter} with one kernel per channel: each pixel of x spreads over a
   * kernel of the result.
   *
   * @param x [N, C, H, W]
   * @param weight [C, 1, kernel, kernel]
   */
  public static Tensor spread(Tensor x, Tensor weight, int stride, int padding) {
    return new Tensor(
        torch.conv_transpose2d(
            x.raw(),
            weight.raw(),
            new TensorOptional(),
            new long[] {stride, stride},
            new long[] {padding, padding},
            new long[] {0, 0},
            x.size(1),
            new long[] {1, 1}));
  }

  /**
   * Transposed convolution: each pixel of x spreads over a kernel of the result.
   *
   * @param x [N, I, H, W]
   * @param weight [I, O, kernel, kernel]
   * @param bias [O]
   * @param stride distance between the kernels of two neighbors, in pixels of the result
   * @param padding pixels cut off at each border of the result
   */
  public static Tensor convTranspose2d(
      Tensor x, Tensor weight, Tensor bias, int stride, int padding) {
    return new Tensor(
        torch.conv_transpose2d(
            x.raw(),
            weight.raw(),
            new TensorOptional(bias.raw()),
            new long[] {stride, stride},
            new long[] {padding, padding},
            new long[] {0, 0},
            1,
            new long[] {1, 1}));
  }

  /** Returns x · weightᵀ + bias, with x [..., I], weight [O, I] and bias [O]. */
  public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    return new Tensor(torch.linear(x.raw(), weight.raw(), new TensorOptional(bias.raw())));
  }

  /**
   * Group normalization: mean 0 and variance 1 over each of {@code groups} groups of channels, then
   * a scale and a shift by channel.
   *
   * @param stabilizer the small number added to the variance
   */
  public static Tensor groupNorm(
      Tensor x, int groups, Tensor weight, Tensor bias, double stabilizer) {
    return new Tensor(
        torch.group_norm(
            x.raw(),
            groups,
            new TensorOptional(weight.raw()),
            new TensorOptional(bias.raw()),
            stabilizer,
            false));
  }

  /** Group normalization without scale and shift. */
  public static Tensor groupNorm(Tensor x, int groups, double stabilizer) {
    return new Tensor(
        torch.group_norm(
            x.raw(), groups, new TensorOptional(), new TensorOptional(), stabilizer, false));
  }

  /** Returns x · sigmoid(x), also called swish. */
  public static Tensor silu(Tensor x) {
    return new Tensor(torch.silu(x.raw()));
  }

  /** Returns the sine of each element, which is in radians. */
  public static Tensor sin(Tensor x) {
    return new Tensor(torch.sin(x.raw()));
  }

  /** Returns the cosine of each element, which is in radians. */
  public static Tensor cos(Tensor x) {
    return new Tensor(torch.cos(x.raw()));
  }

  /**
   * Sets elements to zero, each with {@code probability} (0 ≤ p &lt; 1), and divides the others by
   * 1 − p, so that the expectation stays.
   */
  public static Tensor dropout(Tensor x, double probability, Seed seed) {
    Tensor mask = seed.coins(1 - probability, x.shape()).timesInPlace(1 / (1 - probability));
    return x.times(new Tensor(mask.raw().to(x.raw().device(), x.raw().scalar_type())));
  }

  /** Returns x · tanh(ln(1 + eˣ)). */
  public static Tensor mish(Tensor x) {
    return new Tensor(torch.mish(x.raw()));
  }

  /** Returns x · Φ(x), Φ being the standard normal distribution. */
  public static Tensor gelu(Tensor x) {
    return new Tensor(torch.gelu(x.raw()));
  }

  /** Returns max(x, 0). */
  public static Tensor relu(Tensor x) {
    return new Tensor(torch.relu(x.raw()));
  }

  /** Returns x where it is positive, and {@code slope} · x elsewhere. */
  public static Tensor leakyRelu(Tensor x, double slope) {
    return new Tensor(torch.leaky_relu(x.raw(), new Scalar(slope)));
  }

  /** Returns ln(1 / (1 + e⁻ˣ)), without overflow. */
  public static Tensor logSigmoid(Tensor x) {
    return new Tensor(torch.log_sigmoid(x.raw()));
  }

  /** Returns softmax(q · kᵀ / √d) · v for q, k, v of shape [N, heads, positions, d]. */
  public static Tensor attention(Tensor q, Tensor k, Tensor v) {
    return new Tensor(
        torch.scaled_dot_product_attention(
            q.raw(),
            k.raw(),
            v.raw(),
            new TensorOptional(),
            0,
            false,
            new DoubleOptional(),
            false));
  }

  /** Enlarges images to {@code height} × {@code width} by repeating the nearest pixel. */
  public static Tensor upsampleNearest(Tensor x, long height, long width) {
    return new Tensor(
        torch.upsample_nearest2d(
            x.raw(), new long[] {height, width}, new DoubleOptional(), new DoubleOptional()));
  }

  /** Adds zeros: {@code left}, {@code right} columns and {@code top}, {@code bottom} rows. */
  public static Tensor padZeros(Tensor x, int left, int right, int top, int bottom) {
    return new Tensor(torch.constant_pad_nd(x.raw(), left, right, top, bottom));
  }

  /**
   * Adds {@code count} rows and columns at each border, mirrored about the outermost pixels.
   *
   * @throws IllegalArgumentException if the image has not more rows and columns than that
   */
  public static Tensor padMirrored(Tensor x, int count) {
    if (x.size(2) <= count || x.size(3) <= count) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "an image is %d x %d where its border is mirrored; allowed: more than %d pixels both ways",
              x.size(2),
              x.size(3),
              count));
    }
    return new Tensor(torch.reflection_pad2d(x.raw(), count, count, count, count));
  }

  /** Halves height and width; each result is the mean of a square of four. */
  public static Tensor averagePool(Tensor x) {
    return new Tensor(torch.avg_pool2d(x.raw(), 2, 2));
  }

  /** Halves height and width; each result is the largest of a square of four. */
  public static Tensor maxPool(Tensor x) {
    return new Tensor(torch.max_pool2d(x.raw(), 2, 2));
  }

  /** Halves height and width; each square of four pixels becomes four channels, row by row. */
  public static Tensor pixelUnshuffle(Tensor x) {
    return new Tensor(torch.pixel_unshuffle(x.raw(), 2));
  }

  /** Returns the vectors along {@code dim} at length 1; one of length 0 remains as it is. */
  public static Tensor unitVectors(Tensor x, int dim) {
    ScalarOptional euclidean = new ScalarOptional(new Scalar(2.0));
    Tensor length = new Tensor(torch.norm(x.raw(), euclidean, new long[] {dim}, true));
    return x.dividedBy(length.clamp(SHORTEST, Double.POSITIVE_INFINITY));
  }

  /** Returns the softmax along {@code dim}. */
  public static Tensor softmax(Tensor x, int dim) {
    return new Tensor(torch.softmax(x.raw(), dim));
  }

  /** Returns the logarithms of the softmax along the last dimension. */
  public static Tensor logSoftmax(Tensor x) {
    return new Tensor(torch.log_softmax(x.raw(), -1));
  }

  /** Returns the mean over the batch of −log softmax(logits)[label]; labels are I64 [N]. */
  public static Tensor crossEntropy(Tensor logits, Tensor labels) {
    return new Tensor(torch.cross_entropy_loss(logits.raw(), labels.raw()));
  }

  /** Returns the rows of {@code table} that {@code index} (I64) names, with gradients. */
  public static Tensor embedding(Tensor table, Tensor index) {
    return new Tensor(torch.embedding(table.raw(), index.raw()));
  }

  /** Returns the q-quantile along {@code dim}, interpolated linearly between two values. */
  public static Tensor quantile(Tensor x, double q, int dim) {
    return new Tensor(
        torch.quantile(x.raw(), q, new LongOptional(dim), false, new BytePointer("linear")));
  }

  /** Returns ln Σ exp(x) along {@code dim}, without overflow. */
  public static Tensor logSumExp(Tensor x, int dim) {
    return new Tensor(torch.logsumexp(x.raw(), new long[] {dim}, false));
  }

  /** Returns {@code below} where x is below {@code bound}, and {@code otherwise} elsewhere. */
  public static Tensor whereBelow(Tensor x, double bound, Tensor below, Tensor otherwise) {
    return new Tensor(torch.where(x.raw().lt(new Scalar(bound)), below.raw(), otherwise.raw()));
  }

  /** Returns ln Φ(x), Φ being the standard normal distribution; accurate far into the tail. */
  public static Tensor logNormalCdf(Tensor x) {
    return new Tensor(torch.special_log_ndtr(x.raw()));
  }

  /** Returns Φ⁻¹(p), the standard normal quantile of each probability in (0, 1). */
  public static Tensor normalQuantile(Tensor p) {
    return new Tensor(torch.special_ndtri(p.raw()));
  }

  /** Returns eˣ − 1, accurate where x is tiny. */
  public static Tensor expMinus1(Tensor x) {
    return new Tensor(torch.expm1(x.raw()));
  }

  /** Returns the hyperbolic tangent of each element. */
  public static Tensor tanh(Tensor x) {
    return new Tensor(torch.tanh(x.raw()));
  }
}
