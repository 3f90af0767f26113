package io.github.diffusion4j.torch;

/** The program that {@link SilenceTest} starts: small convolutions, forward and backward. */
final class SilentForward {
  private SilentForward() {}

  public static void main(String[] args) throws ClassNotFoundException {
    Class.forName(SilentForward.class.getPackageName() + "." + args[0]); // is initialized first
    for (int batch : new int[] {1, 4}) {
      try (Scope scope = Scope.open()) {
        Tensor weight = Tensor.full(1, 8, 3, 3, 3).trainable();
        Tensor bias = Tensor.zeros(8);
        Tensor x = Tensor.full(1, batch, 3, 12, 12);
        Tensor sum = Functions.conv2d(x, weight, bias, 1, 1).sum();
        sum.backward();
        System.out.println(batch + " " + sum.item() + " " + weight.gradient().sum().item());
      }
    }
  }
}
