package io.github.diffusion4j.torch;

/** The smallest program that uses libtorch; {@link FirstStartTest} runs it in its own process. */
final class FirstStart {
  private FirstStart() {}

  public static void main(String[] args) {
    try (Scope scope = Scope.open()) {
      Tensor sum = Tensor.of(new float[] {1, 2}, 2).plus(Tensor.of(new float[] {3, 4}, 2));
      float[] values = sum.toFloats();
      System.out.println(values[0] + " " + values[1] + " " + Engine.threads());
    }
  }
}
