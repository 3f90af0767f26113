package io.github.diffusion4j.onnx;

import io.github.diffusion4j.nn.Plan;

/** The levels of one kind as nodes. */
interface Levels {
  /** Adds a level on the way down and returns what enters the next one. */
  Image down(String name, Plan.Level plan, Image x, Flow flow);

  /** Adds a level on the way up and returns what enters the next one. */
  Image up(String name, Plan.Level plan, Image x, Flow flow);
}
