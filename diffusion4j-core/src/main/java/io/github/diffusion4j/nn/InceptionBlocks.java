package io.github.diffusion4j.nn;

import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.Vision;
import java.util.List;

/**
 * The five kinds of blocks of Inception v3: branches that see the same input, and whose channels
 * are put one after the other. Names of parameters are those of torchvision.
 */
final class InceptionBlocks {
  private InceptionBlocks() {}

  /** How the branch without convolutions of its own looks at a neighborhood. */
  enum Pool {
    /** Means of 3 x 3 pixels; those outside of the image do not count. */
    MEAN {
      @Override
      Tensor of(Tensor x) {
        return Vision.meanAround(x, 3);
      }
    },
    /** Largest values of 3 x 3 pixels. */
    MAX {
      @Override
      Tensor of(Tensor x) {
        return Vision.maxPool(x, 3, 1, 1);
      }
    };

    abstract Tensor of(Tensor x);
  }

  /** A block of the network. */
  abstract static class Block extends Layer {
    /** Returns [N, more channels, H', W'] for [N, channels, H, W]. */
    abstract Tensor forward(Tensor x);

    final NormedConv2d same(String name, int in, int out, int rows, int columns) {
      return child(name, NormedConv2d.same(in, out, rows, columns));
    }

    final NormedConv2d halving(String name, int in, int out) {
      return child(name, NormedConv2d.inside(in, out, 2));
    }

    static Tensor join(Tensor... branches) {
      return Tensor.cat(List.of(branches), 1);
    }
  }

  /** At 35 x 35 pixels: kernels of 1, 5, and twice 3. */
  static final class A extends Block {
    private final NormedConv2d one;
    private final NormedConv2d five1;
    private final NormedConv2d five2;
    private final NormedConv2d three1;
    private final NormedConv2d three2;
    private final NormedConv2d three3;
    private final NormedConv2d pooled;

    A(int in, int pool) {
      one = same("branch1x1", in, 64, 1, 1);
      five1 = same("branch5x5_1", in, 48, 1, 1);
      five2 = same("branch5x5_2", 48, 64, 5, 5);
      three1 = same("branch3x3dbl_1", in, 64, 1, 1);
      three2 = same("branch3x3dbl_2", 64, 96, 3, 3);
      three3 = same("branch3x3dbl_3", 96, 96, 3, 3);
      pooled = same("branch_pool", in, pool, 1, 1);
    }

    @Override
    Tensor forward(Tensor x) {
      return join(
          one.forward(x),
          five2.forward(five1.forward(x)),
          three3.forward(three2.forward(three1.forward(x))),
          pooled.forward(Pool.MEAN.of(x)));
    }
  }

  /** From 35 x 35 to 17 x 17 pixels. */
  static final class B extends Block {
    private final NormedConv2d three;
    private final NormedConv2d double1;
    private final NormedConv2d double2;
    private final NormedConv2d double3;

    B(int in) {
      three = halving("branch3x3", in, 384);
      double1 = same("branch3x3dbl_1", in, 64, 1, 1);
      double2 = same("branch3x3dbl_2", 64, 96, 3, 3);
      double3 = halving("branch3x3dbl_3", 96, 96);
    }

    @Override
    Tensor forward(Tensor x) {
      return join(
          three.forward(x),
          double3.forward(double2.forward(double1.forward(x))),
          Vision.maxPool(x, 3, 2, 0));
    }
  }

  /** At 17 x 17 pixels: kernels of 7 pixels, one direction at a time. */
  static final class C extends Block {
    private final NormedConv2d one;
    private final List<NormedConv2d> seven;
    private final List<NormedConv2d> twice;
    private final NormedConv2d pooled;

    C(int in, int middle) {
      one = same("branch1x1", in, 192, 1, 1);
      seven =
          List.of(
              same("branch7x7_1", in, middle, 1, 1),
              same("branch7x7_2", middle, middle, 1, 7),
              same("branch7x7_3", middle, 192, 7, 1));
      twice =
          List.of(
              same("branch7x7dbl_1", in, middle, 1, 1),
              same("branch7x7dbl_2", middle, middle, 7, 1),
              same("branch7x7dbl_3", middle, middle, 1, 7),
              same("branch7x7dbl_4", middle, middle, 7, 1),
              same("branch7x7dbl_5", middle, 192, 1, 7));
      pooled = same("branch_pool", in, 192, 1, 1);
    }

    @Override
    Tensor forward(Tensor x) {
      return join(
          one.forward(x), chain(seven, x), chain(twice, x), pooled.forward(Pool.MEAN.of(x)));
    }

    private static Tensor chain(List<NormedConv2d> convolutions, Tensor x) {
      Tensor h = x;
      for (NormedConv2d convolution : convolutions) {
        h = convolution.forward(h);
      }
      return h;
    }
  }

  /** From 17 x 17 to 8 x 8 pixels. */
  static final class D extends Block {
    private final NormedConv2d three1;
    private final NormedConv2d three2;
    private final NormedConv2d seven1;
    private final NormedConv2d seven2;
    private final NormedConv2d seven3;
    private final NormedConv2d seven4;

    D(int in) {
      three1 = same("branch3x3_1", in, 192, 1, 1);
      three2 = halving("branch3x3_2", 192, 320);
      seven1 = same("branch7x7x3_1", in, 192, 1, 1);
      seven2 = same("branch7x7x3_2", 192, 192, 1, 7);
      seven3 = same("branch7x7x3_3", 192, 192, 7, 1);
      seven4 = halving("branch7x7x3_4", 192, 192);
    }

    @Override
    Tensor forward(Tensor x) {
      return join(
          three2.forward(three1.forward(x)),
          seven4.forward(seven3.forward(seven2.forward(seven1.forward(x)))),
          Vision.maxPool(x, 3, 2, 0));
    }
  }

  /** At 8 x 8 pixels: branches that fork at their ends. */
  static final class E extends Block {
    private final Pool pool;
    private final NormedConv2d one;
    private final NormedConv2d three;
    private final NormedConv2d threeWide;
    private final NormedConv2d threeHigh;
    private final NormedConv2d double1;
    private final NormedConv2d double2;
    private final NormedConv2d doubleWide;
    private final NormedConv2d doubleHigh;
    private final NormedConv2d pooled;

    E(int in, Pool pool) {
      this.pool = pool;
      one = same("branch1x1", in, 320, 1, 1);
      three = same("branch3x3_1", in, 384, 1, 1);
      threeWide = same("branch3x3_2a", 384, 384, 1, 3);
      threeHigh = same("branch3x3_2b", 384, 384, 3, 1);
      double1 = same("branch3x3dbl_1", in, 448, 1, 1);
      double2 = same("branch3x3dbl_2", 448, 384, 3, 3);
      doubleWide = same("branch3x3dbl_3a", 384, 384, 1, 3);
      doubleHigh = same("branch3x3dbl_3b", 384, 384, 3, 1);
      pooled = same("branch_pool", in, 192, 1, 1);
    }

    @Override
    Tensor forward(Tensor x) {
      Tensor single = three.forward(x);
      Tensor doubled = double2.forward(double1.forward(x));
      return join(
          one.forward(x),
          threeWide.forward(single),
          threeHigh.forward(single),
          doubleWide.forward(doubled),
          doubleHigh.forward(doubled),
          pooled.forward(pool.of(x)));
    }
  }
}
