package io.github.diffusion4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.bytedeco.openblas.global.openblas;
import org.junit.jupiter.api.Test;

class EngineTest {

  @Test
  void load_blas_hasOneThread() {
    Engine.load();

    assertThat(openblas.blas_get_num_threads()).isEqualTo(1);
  }

  @Test
  void load_again_keepsThreads() {
    int threads = Engine.threads();
    Engine.load();

    assertThat(Engine.threads()).isEqualTo(threads).isPositive();
  }

  @Test
  void version_isThatOfLibtorch() {
    assertThat(Engine.version()).matches("2\\.\\d+\\.\\d+");
    assertThat(Engine.buildDescription()).contains("PyTorch built with");
  }

  @Test
  void cacheFolder_exists() {
    assertThat(Path.of(Engine.cacheFolder())).isDirectory();
  }

  @Test
  void device_cpu_isAvailable() {
    assertThat(Device.CPU.available()).isTrue();
    assertThat(Device.auto().available()).isTrue();
    assertThat(Device.CUDA).hasToString("cuda");
  }
}
