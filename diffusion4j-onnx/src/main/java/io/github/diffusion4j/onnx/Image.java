package io.github.diffusion4j.onnx;

/** An image inside a graph: the name of the result that holds it, and its channels. */
record Image(String name, int channels) {}
