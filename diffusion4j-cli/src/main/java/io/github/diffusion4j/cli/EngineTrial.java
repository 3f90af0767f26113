package io.github.diffusion4j.cli;

import io.github.diffusion4j.TrialInputs;
import io.github.diffusion4j.config.UserException;
import io.github.diffusion4j.nn.DividedPass;
import io.github.diffusion4j.nn.ForwardPass;
import io.github.diffusion4j.nn.UNet;
import io.github.diffusion4j.onnx.OnnxEngine;
import io.github.diffusion4j.torch.NoGrad;
import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;

/**
 * Which engine evaluates a network faster on this machine.
 *
 * @param faster the one that took less time, or libtorch if the other cannot or differs
 * @param description what was found
 */
record EngineTrial(InferenceEngine faster, String description) {
  private static final int COPIES = 4; // of the trial inputs, which are four
  private static final int ROUNDS = 3;
  private static final double TOLERANCE = 1e-4;

  /** Measures a few forward passes of each engine. */
  static EngineTrial of(UNet network) {
    TrialInputs few = TrialInputs.of(network.config());
    try (Scope scope = Scope.open();
        NoGrad off = NoGrad.open();
        OnnxEngine onnx = OnnxEngine.of(network)) {
      TrialInputs inputs = repeated(few);
      int images = (int) inputs.x().size(0);
      try (DividedPass torch = new DividedPass(network, images)) {
        return compared(torch, onnx, inputs);
      }
    } catch (UserException | IllegalStateException | LinkageError e) {
      return new EngineTrial(
          InferenceEngine.TORCH, "ONNX Runtime cannot evaluate the network: " + e.getMessage());
    }
  }

  private static TrialInputs repeated(TrialInputs few) {
    return new TrialInputs(
        Tensor.cat(Collections.nCopies(COPIES, few.x()), 0),
        Tensor.cat(Collections.nCopies(COPIES, few.time()), 0),
        few.labels().map(labels -> Tensor.cat(Collections.nCopies(COPIES, labels), 0)));
  }

  private static EngineTrial compared(ForwardPass torch, ForwardPass onnx, TrialInputs inputs) {
    double difference = difference(torch, onnx, inputs); // and the first, slower pass of each
    if (!(difference < TOLERANCE)) {
      return new EngineTrial(
          InferenceEngine.TORCH,
          String.format(Locale.ROOT, "ONNX Runtime differs from it by %.1e", difference));
    }
    double torchSeconds = Double.POSITIVE_INFINITY;
    double onnxSeconds = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      torchSeconds = Math.min(torchSeconds, seconds(torch, inputs));
      onnxSeconds = Math.min(onnxSeconds, seconds(onnx, inputs));
    }
    boolean isOnnx = onnxSeconds < torchSeconds;
    return new EngineTrial(
        isOnnx ? InferenceEngine.ONNX : InferenceEngine.TORCH,
        String.format(
            Locale.ROOT,
            "%.1f times as fast as %s on this machine",
            isOnnx ? torchSeconds / onnxSeconds : onnxSeconds / torchSeconds,
            isOnnx ? "torch" : "onnx"));
  }

  /** The largest difference of the answers, relative to the largest answer. */
  static double difference(ForwardPass torch, ForwardPass onnx, TrialInputs inputs) {
    try (Scope scope = Scope.open()) {
      Tensor expected = torch.forward(inputs.x(), inputs.time(), inputs.labels());
      Tensor actual = onnx.forward(inputs.x(), inputs.time(), inputs.labels());
      return largest(actual.minus(expected)) / Math.max(largest(expected), 1e-2);
    }
  }

  private static double largest(Tensor tensor) {
    return Arrays.stream(tensor.toDoubles()).map(Math::abs).max().orElse(0);
  }

  private static double seconds(ForwardPass pass, TrialInputs inputs) {
    long start = System.nanoTime();
    try (Scope scope = Scope.open()) {
      pass.forward(inputs.x(), inputs.time(), inputs.labels());
    }
    return (System.nanoTime() - start) * 1e-9;
  }
}
