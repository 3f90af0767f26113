package io.github.diffusion4j.torch;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch;

/** Where a tensor lives and is computed. */
public enum Device {
  /** The processor's cores and memory. */
  CPU,
  /** The first CUDA device; needs the {@code cuda} build profile. */
  CUDA;

  static {
    Engine.load();
  }

  /** Returns {@link #CUDA} where libtorch sees such a device, otherwise {@link #CPU}. */
  public static Device auto() {
    return torch.hasCUDA() ? CUDA : CPU;
  }

  /** Returns whether this device can be used by this process. */
  public boolean available() {
    return this == CPU || torch.hasCUDA();
  }

  org.bytedeco.pytorch.Device raw() {
    return new org.bytedeco.pytorch.Device(toString());
  }

  /** Returns libtorch's name: {@code cpu} or {@code cuda}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
