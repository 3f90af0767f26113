package io.github.diffusion4j.torch;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;

/** The arithmetic half of {@link Tensor}: element by element, reductions, and in place. */
abstract sealed class Arithmetic permits Tensor {
  final org.bytedeco.pytorch.Tensor raw;

  Arithmetic(org.bytedeco.pytorch.Tensor raw) {
    this.raw = raw;
  }

  final org.bytedeco.pytorch.Tensor raw() {
    return raw;
  }

  abstract Tensor self();

  // Arithmetic

  /** Returns this + other. */
  public final Tensor plus(Tensor other) {
    return new Tensor(raw.add(other.raw()));
  }

  /** Returns this + value. */
  public final Tensor plus(double value) {
    return new Tensor(raw.add(new Scalar(value)));
  }

  /** Returns this − other. */
  public final Tensor minus(Tensor other) {
    return new Tensor(raw.sub(other.raw()));
  }

  /** Returns this − value. */
  public final Tensor minus(double value) {
    return new Tensor(raw.sub(new Scalar(value)));
  }

  /** Returns this · other, element by element. */
  public final Tensor times(Tensor other) {
    return new Tensor(raw.mul(other.raw()));
  }

  /** Returns this · value. */
  public final Tensor times(double value) {
    return new Tensor(raw.mul(new Scalar(value)));
  }

  /** Returns this / other, element by element. */
  public final Tensor dividedBy(Tensor other) {
    return new Tensor(raw.div(other.raw()));
  }

  /** Returns this / value. */
  public final Tensor dividedBy(double value) {
    return new Tensor(raw.div(new Scalar(value)));
  }

  /** Returns −this. */
  public final Tensor negated() {
    return new Tensor(raw.neg());
  }

  /** Returns the matrix product of this and other; leading dimensions are a batch. */
  public final Tensor matmul(Tensor other) {
    return new Tensor(raw.matmul(other.raw()));
  }

  /** Returns the square of each element. */
  public final Tensor square() {
    return new Tensor(raw.square());
  }

  /** Returns the square root of each element. */
  public final Tensor sqrt() {
    return new Tensor(raw.sqrt());
  }

  /** Returns e to the power of each element. */
  public final Tensor exp() {
    return new Tensor(raw.exp());
  }

  /** Returns the natural logarithm of each element. */
  public final Tensor log() {
    return new Tensor(raw.log());
  }

  /** Returns the absolute value of each element. */
  public final Tensor abs() {
    return new Tensor(raw.abs());
  }

  /** Returns the elements, those below {@code low} or above {@code high} replaced by the bound. */
  public final Tensor clamp(double low, double high) {
    return new Tensor(
        raw.clamp(new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high))));
  }

  /** Returns the smaller of both, element by element. */
  public final Tensor minimum(Tensor other) {
    return new Tensor(raw.minimum(other.raw()));
  }

  /** Returns the larger of both, element by element. */
  public final Tensor maximum(Tensor other) {
    return new Tensor(raw.maximum(other.raw()));
  }

  /** Returns each element rounded to the nearest integer, halves to even. */
  public final Tensor round() {
    return new Tensor(raw.round());
  }

  // Reductions

  /** Returns the mean of all elements, a tensor of no dimensions. */
  public final Tensor mean() {
    return new Tensor(raw.mean());
  }

  /** Returns the means over the dimensions {@code dims}, which disappear. */
  public final Tensor mean(long... dims) {
    return new Tensor(raw.mean(dims, false, new ScalarTypeOptional()));
  }

  /** Returns the sum of all elements, a tensor of no dimensions. */
  public final Tensor sum() {
    return new Tensor(raw.sum());
  }

  /** Returns the sums over the dimensions {@code dims}, which disappear. */
  public final Tensor sum(long... dims) {
    return new Tensor(raw.sum(dims, false, new ScalarTypeOptional()));
  }

  /** Returns the Euclidean norm of all elements, a tensor of no dimensions. */
  public final Tensor norm() {
    return new Tensor(raw.norm());
  }

  /** Returns whether no element is NaN or infinite. */
  public final boolean isFinite() {
    try (Scope scope = Scope.open()) {
      return new Tensor(raw.isfinite().all()).item() != 0;
    }
  }

  /** Returns the index of the largest element along the last dimension, I64. */
  public final Tensor argmax() {
    return new Tensor(raw.argmax(new LongOptional(-1), false));
  }

  // In place

  /** Copies the elements of {@code source} here. */
  public final Tensor copyInPlace(Tensor source) {
    raw.copy_(source.raw());
    return self();
  }

  /** Sets all elements to {@code value}. */
  public final Tensor fillInPlace(double value) {
    raw.fill_(new Scalar(value));
    return self();
  }

  /** this ← this · value. */
  public final Tensor timesInPlace(double value) {
    raw.mul_(new Scalar(value));
    return self();
  }

  /** this ← this + value. */
  public final Tensor plusInPlace(double value) {
    raw.add_(new Scalar(value));
    return self();
  }

  /** this ← this + factor · other. */
  public final Tensor plusInPlace(Tensor other, double factor) {
    raw.add_(other.raw(), new Scalar(factor));
    return self();
  }

  /** this ← this + weight · (other − this). */
  public final Tensor lerpInPlace(Tensor other, double weight) {
    raw.lerp_(other.raw(), new Scalar(weight));
    return self();
  }

  /** this ← this + factor · a · b. */
  public final Tensor addProductInPlace(Tensor a, Tensor b, double factor) {
    raw.addcmul_(a.raw(), b.raw(), new Scalar(factor));
    return self();
  }

  /** this ← this + factor · a / b. */
  public final Tensor addQuotientInPlace(Tensor a, Tensor b, double factor) {
    raw.addcdiv_(a.raw(), b.raw(), new Scalar(factor));
    return self();
  }
}
