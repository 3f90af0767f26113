package io.github.diffusion4j.training;

import io.github.diffusion4j.torch.Tensor;

/**
 * The nearest orthogonal matrix, roughly: all singular values are pushed to about 1.
 *
 * <p>Five rounds of an odd polynomial, with the coefficients of Muon (Jordan et al. 2024), which
 * were chosen for speed: the singular values end between about 0.7 and 1.2.
 *
 * <pre>  X ← a X + (b A + c A²) X,  A = X Xᵀ </pre>
 */
final class NewtonSchulz {
  private static final int ROUNDS = 5;
  private static final double A = 3.4445;
  private static final double B = -4.7750;
  private static final double C = 2.0315;
  private static final double STABILIZER = 1e-7;

  private NewtonSchulz() {}

  /** Returns the orthogonalized [rows, columns] matrix. */
  static Tensor orthogonalize(Tensor matrix) {
    boolean tall = matrix.size(0) > matrix.size(1);
    Tensor x = tall ? matrix.permute(1, 0) : matrix;
    x = x.dividedBy(x.norm().plus(STABILIZER));
    for (int round = 0; round < ROUNDS; round++) {
      Tensor a = x.matmul(x.permute(1, 0));
      Tensor polynomial = a.times(B).plusInPlace(a.matmul(a), C);
      x = polynomial.matmul(x).plusInPlace(x, A);
    }
    return tall ? x.permute(1, 0) : x;
  }
}
