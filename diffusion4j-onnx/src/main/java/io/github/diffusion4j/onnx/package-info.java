/**
 * The way to ONNX: a U-Net is written as a graph of standard operators, and ONNX Runtime evaluates
 * such graphs in libtorch's place while samples are drawn.
 */
@NullMarked
package io.github.diffusion4j.onnx;

import org.jspecify.annotations.NullMarked;
