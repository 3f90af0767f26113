package io.github.diffusion4j.torch;

import java.util.Arrays;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.global.torch;

/** What is known of matrices by their spectra; give them in 64 bits. */
public final class LinearAlgebra {
  private LinearAlgebra() {}

  /** Returns the eigenvalues of a symmetric matrix, in ascending order. */
  public static Tensor symmetricEigenvalues(Tensor matrix) {
    return new Tensor(torch.linalg_eigvalsh(matrix.raw()));
  }

  /** Returns the symmetric square root of a symmetric positive semi-definite matrix. */
  public static Tensor symmetricSqrt(Tensor matrix) {
    T_TensorTensor_T eigen = torch.linalg_eigh(matrix.raw());
    Tensor roots = new Tensor(eigen.get0()).clamp(0, Double.MAX_VALUE).sqrt();
    Tensor vectors = new Tensor(eigen.get1());
    return vectors.times(roots).matmul(vectors.permute(1, 0));
  }

  /**
   * Returns a factor L [d, r] of a symmetric positive semi-definite matrix, L Lᵀ, by its
   * eigenvectors; r is its rank as far as 64-bit arithmetic can tell it from rounding.
   */
  public static Tensor symmetricFactor(Tensor matrix) {
    T_TensorTensor_T eigen = torch.linalg_eigh(matrix.raw());
    Tensor values = new Tensor(eigen.get0());
    double[] ascending = values.toDoubles();
    int size = ascending.length;
    double noise = ascending[size - 1] * size * Math.ulp(1.0);
    int rank = (int) Arrays.stream(ascending).filter(value -> value > noise).count();
    Tensor roots = values.narrow(0, size - rank, rank).sqrt();
    return new Tensor(eigen.get1()).narrow(1, size - rank, rank).times(roots);
  }

  /** Returns the singular values of a matrix, in descending order. */
  public static Tensor singularValues(Tensor matrix) {
    return new Tensor(torch.linalg_svdvals(matrix.raw()));
  }
}
