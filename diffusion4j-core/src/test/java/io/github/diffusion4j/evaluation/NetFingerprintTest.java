package io.github.diffusion4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.torch.Scope;
import io.github.diffusion4j.torch.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetFingerprintTest {
  @Test
  void of_anyOtherWeightNameShapeOrProtocol_isOther() {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> weights = Map.of("a", row(1, 2), "b", row(3, 4));
      Map<String, Tensor> flat = Map.of("a", row(1, 2).reshape(2, 1), "b", row(3, 4));
      String fingerprint = NetFingerprint.of("p", weights);

      assertThat(fingerprint)
          .matches("[0-9a-f]{64}")
          .isNotEqualTo(NetFingerprint.of("q", weights))
          .isNotEqualTo(NetFingerprint.of("p", Map.of("a", row(1, 2), "c", row(3, 4))))
          .isNotEqualTo(NetFingerprint.of("p", Map.of("a", row(1, 2), "b", row(3, 5))))
          .isNotEqualTo(NetFingerprint.of("p", flat));
    }
  }

  @Test
  void of_weightsInAnyOrder_isTheSame() {
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> one = new LinkedHashMap<>();
      one.put("a", row(1, 2));
      one.put("b", row(3, 4));
      Map<String, Tensor> other = new LinkedHashMap<>();
      other.put("b", row(3, 4));
      other.put("a", row(1, 2));

      assertThat(NetFingerprint.of("p", one)).isEqualTo(NetFingerprint.of("p", other));
    }
  }

  private static Tensor row(double... values) {
    return Tensor.of(values, 1, values.length);
  }
}
